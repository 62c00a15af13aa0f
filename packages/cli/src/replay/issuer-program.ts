import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError } from '@lingquan/errors';
import type { ErrorCode } from '@lingquan/errors';
import { checkout } from '@lingquan/local-stack/layout.ts';

export type ReplayProgress = { decided: number; decidedNow: number; of: number; seconds: number };

/** What the issuer's replay program reports: see services/coupon-issuer/src/replay. */
export type ReplayReport = {
  decided: number;
  decidedNow: number;
  seconds: number;
  undecided: number;
  decidedUpTo: { topic: string; partition: number; offset: number }[];
  /** What a recording that begins in the middle lacks. */
  lacks?: string;
  said: Record<string, number>;
  outcome: { records: number; digest: string };
};

export type OtherTerms = {
  stock?: number;
  limitPerUser?: number;
  opensAtMs?: number | null;
  closesAtMs?: number | null;
};

export type ReplayJob = {
  postgresUrl: string;
  codeSecret: string;
  file: string;
  outcomeFile: string;
  database: string;
  /** Decides also what does not begin at the beginning. */
  fromMiddle?: boolean;
  otherCampaigns?: Record<string, OtherTerms>;
};

type Line = { progress: ReplayProgress } | { report: ReplayReport } | { error: { code: ErrorCode; message: string } };

/**
 * Decides a recording again in a process of the issuer's own, and resolves with its report. Killed with `stopped`; whatever kills it, the
 * same job goes on where it stood.
 */
export async function runIssuerReplay(
  job: ReplayJob,
  { stopped, onProgress }: { stopped: AbortSignal; onProgress: (progress: ReplayProgress) => void },
): Promise<ReplayReport> {
  const program = join(checkout, 'services/coupon-issuer/src/replay/bin.ts');
  // Rounds live for two rounds: with room for them, the young generation is not copied over and over (46 s became 29).
  const child = spawn(process.execPath, ['--max-semi-space-size=128', program], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      POSTGRES_URL: job.postgresUrl,
      COUPON_CODE_SECRET: job.codeSecret,
      REPLAY_FILE: job.file,
      REPLAY_OUTCOME: job.outcomeFile,
      REPLAY_DATABASE: job.database,
      REPLAY_FROM_MIDDLE: String(job.fromMiddle ?? false),
      REPLAY_CAMPAIGNS: JSON.stringify(job.otherCampaigns ?? {}),
    },
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const kill = () => void child.kill('SIGKILL');
  if (stopped.aborted) kill();
  stopped.addEventListener('abort', kill);
  try {
    let report: ReplayReport | undefined;
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as Line;
      if ('progress' in line) onProgress(line.progress);
      else if ('report' in line) report = line.report;
      else throw new AppError(line.error.code, line.error.message);
    }
    const [code, signal] = await ended;
    if (report !== undefined && code === 0) return report;
    throw new AppError(
      'unavailable',
      stopped.aborted
        ? '已中断 interrupted'
        : `重放进程中断，再次运行会接着做 the replay was cut off (${signal ?? `exit code ${code}`}); run it again to go on`,
    );
  } finally {
    stopped.removeEventListener('abort', kill);
    child.kill('SIGKILL'); // it has ended, or nobody reads what it says
  }
}
