import { settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { codeOf, messageOf } from '@lingquan/errors';
import { createLog } from '@lingquan/log';
import type { Log } from '@lingquan/log';

/** A service that was started: where it listens, and how to stop it in order. */
export type Running = { url: string; stop: () => Promise<void> };

/** What the process gives to the service it runs. */
export type Host = {
  log: Log;
  /** The service cannot go on: the process ends with 1 and its supervisor starts it again. */
  onFatal: (error: Error) => void;
};

/** Reads its settings from `env` (throws `invalid` when they are wrong) and starts. */
export type Start = (env: Env, host: Host) => Promise<Running>;

/** How the process ends. A supervisor need not try again after `refused`: only a person can mend that. */
const exitCode = { stopped: 0, failed: 1, refused: 2 };

const STOP_MS = 15_000;

/**
 * Runs one service as this process: the whole of a bin.ts. Ends with 0 after SIGTERM or SIGINT once everything is stopped,
 * with 1 when it fails or does not stop within `stopMs`, with 2 and a plain message when it refuses to start (`invalid`:
 * wrong settings, a store that does not fit). Only a courtesy: everything is also safe when the process is killed.
 */
export async function runService(name: string, start: Start, stopMs = STOP_MS): Promise<void> {
  // A level that is not one is reported with the other settings, by the service.
  const log = createLog({ service: name, level: settings.logLevel.catch('info').parse(process.env['LOG_LEVEL']) });
  const onFatal = (error: unknown): never => {
    log.fatal({ err: error }, `${name} cannot go on`);
    process.exit(exitCode.failed);
  };
  process.on('uncaughtException', onFatal); // unhandled rejections arrive here too

  let running: Running | undefined;
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return; // a terminal's Ctrl-C often comes twice, once through the parent
    stopping = true;
    if (running === undefined) process.exit(exitCode.stopped); // nothing was promised yet
    log.info({ signal }, 'stopping');
    setTimeout(() => onFatal(new Error(`not stopped within ${stopMs} ms`)), stopMs);
    await running.stop();
    process.exit(exitCode.stopped);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal).catch(onFatal));

  try {
    running = await start(process.env, { log, onFatal });
    log.info({ url: running.url }, 'ready');
  } catch (error) {
    if (codeOf(error) !== 'invalid') onFatal(error);
    process.stderr.write(`${name}: ${messageOf(error)}\n`);
    process.exit(exitCode.refused);
  }
}
