import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { auditText } from '../audit/report.ts';
import { runAudit } from '../audit/run-audit.ts';
import { leaf } from '../leaf.ts';
import { logAddress } from '../proof/log-address.ts';
import { openSource } from '../proof/open-source.ts';
import { progress } from '../proof/progress.ts';
import { proofText } from '../proof/report.ts';
import { runProof } from '../proof/run-proof.ts';
import { durationMs } from '../numbers.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = {
  answers?: string;
  wait: number;
  json: boolean;
  fromTopics: boolean;
  recording?: string;
  log?: string | true;
};

/** `audit`: proves the promises from the topics and stores, or shows where they are broken. */
export const audit = (terminal: Terminal): Command =>
  leaf({
    usage: 'audit',
    description:
      '核对：不超发、不超领、日志齐全 · prove that nothing was oversold, claimed twice, lost or left unlogged',
    examples: [
      'lingquan audit',
      'lingquan audit --answers answers.jsonl --json',
      'lingquan audit --from-topics                        # 不连服务和数据库 no service, no database',
      'lingquan audit --from-topics --log                  # 再核对日志 the claim log as well',
      'lingquan audit --recording day.lqrec --json',
    ],
  })
    .option(
      '--answers <file>',
      'load --out 写的文件：已告知的券码都要在 · what followers were told: every code must be there',
    )
    .option(
      '--wait <time>',
      '最多等多久让消费者处理完 · how long the consumers may take to catch up',
      durationMs,
      30_000,
    )
    .option('--from-topics', '只凭 topic 证明，每条只读一遍 · prove from the topics alone, each read once', false)
    .option('--recording <file>', '从录制文件证明 · prove from a recording (lingquan record)')
    .option('--log [url]', '再核对 claim-log · with --from-topics: hold the claim log beside them (CLAIM_LOG_TOKEN)')
    .action(async (flags: Flags) => {
      const { answers, wait, json } = flags;
      if (flags.fromTopics || flags.recording !== undefined) return proveFrom(terminal, flags);
      let toldAt = Date.now();
      const report = await runAudit({
        system: findSystem(terminal.env),
        answersFile: answers,
        restWithinMs: wait,
        onWait: (lagging) => terminal.err(`等待处理完 waiting for the consumers: ${lagging[0]}\n`),
        onRead: (topic, done, of) => {
          if (Date.now() - toldAt < 1000) return;
          toldAt = Date.now();
          terminal.err(`读 reading ${topic}: ${done}/${of}\n`);
        },
      });
      show(terminal, json, report, () => auditText(report));
      if (!report.clean)
        throw new AppError('conflict', '核对发现问题，证据见上 the audit found something; the evidence is above');
    });

/** Without the services' stores: the topics, or a recording of them, prove everything but what only stores know. */
async function proveFrom(terminal: Terminal, { recording, log, json, answers }: Flags): Promise<void> {
  if (answers !== undefined)
    throw new AppError('invalid', '--answers 不能与 --from-topics 同用 · --answers goes with the full audit alone');
  const { source, system } = await openSource(terminal.env, recording);
  const report = await runProof({ source, log: logAddress(terminal.env, log, system), onRead: progress(terminal.err) });
  show(terminal, json, report, () => proofText(report));
  if (!report.clean)
    throw new AppError('conflict', '核对发现问题，证据见上 the audit found something; the evidence is above');
}
