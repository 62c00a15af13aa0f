import { codeOf, messageOf } from '@lingquan/errors';
import { Command, CommanderError } from 'commander';
import { audit } from './commands/audit.ts';
import { campaignCreate } from './commands/campaign-create.ts';
import { campaignList } from './commands/campaign-list.ts';
import { campaignPause } from './commands/campaign-pause.ts';
import { campaignResume } from './commands/campaign-resume.ts';
import { campaignStock } from './commands/campaign-stock.ts';
import { compare } from './commands/compare.ts';
import { couponRevoke } from './commands/coupon-revoke.ts';
import { couponShow } from './commands/coupon-show.ts';
import { eventsFollow } from './commands/events-follow.ts';
import { explain } from './commands/explain.ts';
import { load } from './commands/load.ts';
import { orderList } from './commands/order-list.ts';
import { orderRefund } from './commands/order-refund.ts';
import { orderShow } from './commands/order-show.ts';
import { paymentIncidents } from './commands/payment-incidents.ts';
import { paymentLedger } from './commands/payment-ledger.ts';
import { paymentReconcile } from './commands/payment-reconcile.ts';
import { record } from './commands/record.ts';
import { redeem } from './commands/redeem.ts';
import { replay } from './commands/replay.ts';
import { shopLoad } from './commands/shop-load.ts';
import { whatIf } from './commands/what-if.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { webhookCommands } from './webhook/commands.ts';

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
  const group = (name: string, description: string, leaves: ((terminal: Terminal) => Command)[]) => {
    const command = new Command(name).description(description);
    for (const make of leaves) command.addCommand(make(terminal));
    return command;
  };
  const lingquan = new Command('lingquan')
    .description(
      '领券：活动、券、订单、支付、压测、核对 · campaigns, coupons, orders, payment, load and audit of a Lingquan system',
    )
    .addCommand(
      group('campaign', '活动 · campaigns', [
        campaignCreate,
        campaignList,
        campaignPause,
        campaignResume,
        campaignStock,
      ]),
    )
    .addCommand(group('coupon', '券 · coupons', [couponShow, couponRevoke]))
    .addCommand(redeem(terminal))
    .addCommand(group('order', '订单 · orders', [orderList, orderShow, orderRefund]))
    .addCommand(
      group('payment', '支付：对账、异常、总账 · payment: bills, incidents, the ledger', [
        paymentReconcile,
        paymentIncidents,
        paymentLedger,
      ]),
    )
    .addCommand(group('events', '事件 · events as they are written', [eventsFollow]))
    .addCommand(group('webhook', '把事件推给别的系统 · have events sent to other systems', webhookCommands))
    .addCommand(load(terminal))
    .addCommand(shopLoad(terminal))
    .addCommand(audit(terminal))
    .addCommand(explain(terminal))
    .addCommand(record(terminal))
    .addCommand(replay(terminal))
    .addCommand(compare(terminal))
    .addCommand(whatIf(terminal))
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
