import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from '@lingquan/errors';
import { databaseName } from '@lingquan/postgres';
import { everySecond, perSecond, progressText } from '../record/report.ts';
import type { Terminal } from '../terminal.ts';
import { isolatedPrefix } from './isolated.ts';
import { runIssuerReplay } from './issuer-program.ts';
import type { ReplayJob, ReplayProgress, ReplayReport } from './issuer-program.ts';
import { dropDatabases } from './store.ts';

export type ExactOptions = Omit<ReplayJob, 'database'> & {
  /** Names the store, so that two replays can run side by side. */
  system: string;
  keep: boolean;
};

/**
 * Decides a recording again in its journal's order, into an empty store of its own, which is removed afterwards unless it is to be kept. One
 * that was cut off is gone on with by the next; Ctrl-C leaves nothing behind, unless it is to be kept.
 */
export async function runExact(
  terminal: Terminal,
  { system, keep, ...job }: ExactOptions,
  use: (report: ReplayReport) => Promise<void>,
): Promise<void> {
  // The same outcome's file is the same replay.
  const place = hash('sha256', resolve(job.outcomeFile)).slice(0, 8);
  const database = databaseName(isolatedPrefix(system), `exact_${place}`);
  const stopped = terminal.interruption();
  const told = everySecond(({ decided, decidedNow, of, seconds }: ReplayProgress) =>
    terminal.err(`判定 deciding ${progressText({ done: decided, doneNow: decidedNow, of, seconds })}\n`),
  );
  const forget = async () => {
    await dropDatabases(job.postgresUrl, [database]);
    await rm(job.outcomeFile, { force: true });
  };
  const decide = () => runIssuerReplay({ ...job, database }, { stopped, onProgress: told });
  let report: ReplayReport;
  try {
    report = await decide().catch(async (error: unknown) => {
      if (codeOf(error) !== 'conflict') throw error;
      await forget(); // what was left there is of another recording
      return decide();
    });
  } catch (error) {
    if (stopped.aborted && !keep) await forget();
    throw error;
  }
  if (report.lacks !== undefined)
    terminal.err(
      `⚠ 录制不是从头开始的，之前的活动和领取无从知道 the recording does not begin at the beginning: earlier campaigns and claims are unknown. 缺 missing: ${report.lacks}\n`,
    );
  try {
    await use(report);
  } finally {
    if (!keep) await dropDatabases(job.postgresUrl, [database]);
  }
}

export const exactText = ({ decided, decidedNow, seconds, undecided, outcome }: ReplayReport): string =>
  [
    `✓ 已判定 decided ${decided} 条 records，${seconds.toFixed(1)} s，${perSecond(decidedNow, seconds)}`,
    `  说了 said ${outcome.records} 条，摘要 digest ${outcome.digest}`,
    ...(undecided > 0
      ? [
          `  ${undecided} 条未判定 not decided: 录到的 coupon.journal 里没有 the recorded coupon.journal has no turn of theirs`,
        ]
      : []),
  ].join('\n');
