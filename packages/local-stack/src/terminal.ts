import { appendFileSync } from 'node:fs';

/** Shows one line to whoever started the system. */
export type Say = (line: string) => void;

/**
 * Shows lines on standard output and keeps them, with the time, in `logFile`. Without a terminal to show them on (a detached
 * start), they go to the process that waits for this one.
 */
export function createSay(logFile: string | undefined, detached: boolean): Say {
  process.stdout.on('error', () => {}); // the terminal was closed; what has to be stopped must be stopped all the same
  return (line) => {
    if (logFile !== undefined) appendFileSync(logFile, `${new Date().toISOString()} ${line}\n`);
    if (!detached) process.stdout.write(`${line}\n`);
    else if (process.connected) process.send?.({ line });
  };
}

/** Starts counting; each call gives the seconds since then, as shown behind a finished step. */
export function stopwatch(): () => string {
  const startedAt = performance.now();
  return () => `(${((performance.now() - startedAt) / 1000).toFixed(1)} s)`;
}
