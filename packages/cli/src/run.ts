import { codeOf, messageOf } from '@lingquan/errors';
import { Command, CommanderError } from 'commander';
import { audit } from './commands/audit.ts';
import { campaignCreate } from './commands/campaign-create.ts';
import { campaignList } from './commands/campaign-list.ts';
import { campaignPause } from './commands/campaign-pause.ts';
import { campaignResume } from './commands/campaign-resume.ts';
import { campaignStock } from './commands/campaign-stock.ts';
import { load } from './commands/load.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Runs `lingquan` with these arguments and gives its exit code. Never rejects. */
export async function run(args: string[], terminal: Terminal): Promise<ExitCode> {
  try {
    await program(terminal).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said what is wrong
    terminal.err(`✗ ${messageOf(error)}\n`);
    return codeOf(error) === 'invalid' ? 2 : 1;
  }
}

function program(terminal: Terminal): Command {
  const campaign = new Command('campaign').description('活动 · campaigns');
  for (const make of [campaignCreate, campaignList, campaignPause, campaignResume, campaignStock])
    campaign.addCommand(make(terminal));
  const lingquan = new Command('lingquan')
    .description('领券：活动、压测、核对 · campaigns, load and audit of a Lingquan system')
    .addCommand(campaign)
    .addCommand(load(terminal))
    .addCommand(audit(terminal))
    .addHelpText(
      'after',
      '\n系统由 LOCAL_DIR（默认 .local）找到，环境变量优先。The system is found by LOCAL_DIR (default .local); the environment comes first.\n退出码 exit codes: 0 完成 done · 1 被拒绝或失败 refused or failed · 2 用法错误 wrong usage',
    );
  return configured(lingquan, terminal);
}

/** Makes a command and all below it write to the terminal given and throw instead of ending the process. */
function configured(command: Command, terminal: Terminal): Command {
  command
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('（--help 看用法 shows how it is used）');
  for (const one of command.commands) configured(one, terminal);
  return command;
}
