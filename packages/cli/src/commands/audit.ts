import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { auditText } from '../audit/report.ts';
import { runAudit } from '../audit/run-audit.ts';
import { leaf } from '../leaf.ts';
import { durationMs } from '../numbers.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = { answers?: string; wait: number; json: boolean };

/** `audit`: proves the promises from the topics and stores, or shows where they are broken. */
export const audit = (terminal: Terminal): Command =>
  leaf({
    usage: 'audit',
    description:
      '核对：不超发、不超领、日志齐全 · prove that nothing was oversold, claimed twice, lost or left unlogged',
    examples: ['lingquan audit', 'lingquan audit --answers answers.jsonl --json'],
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
    .action(async ({ answers, wait, json }: Flags) => {
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
