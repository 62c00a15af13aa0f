import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, codeOf, messageOf } from '@lingquan/errors';
import { failuresInARow, patienceMs, pauseMs } from './back-off.ts';
import { end } from './launch.ts';
import type { Running } from './launch.ts';
import { tail } from './log-file.ts';
import type { PidFiles } from './pid-files.ts';
import type { Say } from '../terminal.ts';
import { stopwatch } from '../terminal.ts';
import { waitUntil } from '../waiting.ts';

/** A process that is to run for as long as the system does. */
export type Kept = {
  name: string;
  logFile: string;
  /** Before each start: clears away what a killed predecessor may have left. */
  prepare?: () => Promise<void>;
  start: () => Promise<Running>;
  /** Throws until the process answers as it should. */
  ready: () => Promise<void>;
  /** For the first start; a restart is given more with every failure in a row. */
  readyWithinMs: number;
  stopSignal: NodeJS.Signals;
  stopWithinMs: number;
  /** How often the first start is tried if the process ends by itself; once when left out. */
  attempts?: number;
};

export type Keeper = { name: string; stop: () => Promise<void> };

/** Our services end with this when their settings are wrong: only a person can mend that. */
const refused = 'exit code 2';

/**
 * Starts a process and waits until it is ready. Throws with the end of its log: `invalid` if it refused its settings,
 * `unavailable` if it ended otherwise or stays silent.
 */
export async function bringUp(kept: Kept, pids: PidFiles, signal?: AbortSignal): Promise<Running> {
  signal?.throwIfAborted();
  await kept.prepare?.();
  const running = await kept.start();
  if (running.pid !== 0) pids.write(kept.name, running.pid);
  const waiting = new AbortController();
  const either = signal ? AbortSignal.any([signal, waiting.signal]) : waiting.signal;
  const died = running.exited.then((how) => {
    throw new AppError(how === refused ? 'invalid' : 'unavailable', `ended with ${how} while starting`);
  });
  try {
    await Promise.race([waitUntil(kept.ready, { withinMs: kept.readyWithinMs, signal: either }), died]);
    return running;
  } catch (cause) {
    await end(running, kept.stopSignal, kept.stopWithinMs);
    pids.remove(kept.name);
    if (signal?.aborted) throw cause;
    const log = tail(kept.logFile);
    throw new AppError(codeOf(cause), `${kept.name} ${messageOf(cause)}\n${log}\n(${kept.logFile})`);
  } finally {
    waiting.abort();
  }
}

/**
 * Starts a process and keeps it running: when it dies it is started again after a pause that grows with every failure in a
 * row, and said so. Resolves when it is ready for the first time; a failure before that is the caller's to handle.
 * `stopping` ends a wait that is under way.
 */
export async function keepAlive(kept: Kept, pids: PidFiles, say: Say, stopping: AbortSignal): Promise<Keeper> {
  let running = await firstStart(kept, pids, say, stopping);
  const stopped = new AbortController();
  const guard = async () => {
    let failures = 0;
    for (;;) {
      const upSince = performance.now();
      const how = await running.exited;
      pids.remove(kept.name);
      if (stopped.signal.aborted) return;
      failures = failuresInARow(failures, performance.now() - upSince);
      const again = await startAgain(kept, pids, say, { how, failures, stopped: stopped.signal });
      if (again === undefined) return;
      ({ running, failures } = again);
    }
  };
  const guarded = guard();
  return {
    name: kept.name,
    async stop() {
      stopped.abort();
      await end(running, kept.stopSignal, kept.stopWithinMs);
      await guarded;
    },
  };
}

/** A first start may fail because another process is not far enough yet; settings do not mend themselves. */
async function firstStart(kept: Kept, pids: PidFiles, say: Say, stopping: AbortSignal): Promise<Running> {
  for (let failure = 1; ; failure += 1) {
    try {
      return await bringUp(kept, pids, stopping);
    } catch (error) {
      if (stopping.aborted || failure >= (kept.attempts ?? 1) || codeOf(error) === 'invalid') throw error;
      say(`! ${messageOf(error).split('\n')[0]}，重试 trying again`);
      await sleep(pauseMs(failure), undefined, { signal: stopping });
    }
  }
}

type Death = { how: string; failures: number; stopped: AbortSignal };

/** Tries until the process is ready again; undefined when the system is being stopped. */
async function startAgain(kept: Kept, pids: PidFiles, say: Say, { how, failures, stopped }: Death) {
  let reason = how;
  for (let failure = failures; ; failure += 1) {
    const seconds = pauseMs(failure) / 1000;
    say(`! ${kept.name} 已退出（${reason}），${seconds} 秒后重启 it ended, starting again in ${seconds} s`);
    const elapsed = stopwatch();
    try {
      await sleep(pauseMs(failure), undefined, { signal: stopped });
      const patient = { ...kept, readyWithinMs: patienceMs(kept.readyWithinMs, failure) };
      const running = await bringUp(patient, pids, stopped);
      say(`✓ ${kept.name} 已恢复 is back ${elapsed()}`);
      return { running, failures: failure };
    } catch (error) {
      if (stopped.aborted) return undefined;
      reason = messageOf(error).split('\n')[0]!.replace(`${kept.name} `, '');
    }
  }
}
