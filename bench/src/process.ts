import { join } from 'node:path';
import { checkout } from '@lingquan/local-stack/layout.ts';
import { tail } from '@lingquan/local-stack/processes/log-file.ts';
import { end, launch } from '@lingquan/local-stack/processes/launch.ts';
import { waitUntil } from '@lingquan/local-stack/waiting.ts';
import type { Servers } from './servers.ts';

export type Process = { name: string; pid: number; url: string; stop: () => Promise<void> };

export type Program = {
  name: string;
  /** Relative to the checkout. */
  entry: string;
  url: string;
  env: Record<string, string>;
};

/** Runs one of our programs as a process of its own and waits until `/readyz` says so. Shows the end of its log when it does not. */
export async function runProcess({ layout, started }: Servers, { name, entry, url, env }: Program): Promise<Process> {
  const logFile = join(layout.log, `${name}.log`);
  const command = process.execPath;
  const running = await launch({
    command,
    args: [join(checkout, entry)],
    cwd: checkout,
    env: { PATH: process.env['PATH'], ...env },
    logFile,
  });
  const stop = () => end(running, 'SIGTERM', 20_000);
  started(stop);
  try {
    await Promise.race([
      waitUntil(() => answersReady(url), { withinMs: 30_000 }),
      running.exited.then((how) => {
        throw new Error(how);
      }),
    ]);
    return { name, pid: running.pid, url, stop };
  } catch (cause) {
    await stop();
    throw new Error(`${name} did not start:\n${tail(logFile)}`, { cause });
  }
}

async function answersReady(url: string): Promise<void> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
  if (!response.ok) throw new Error(`${response.status}`);
}
