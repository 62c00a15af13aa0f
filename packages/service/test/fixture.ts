import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';
import { runService } from '../src/index.ts';

/** A service that behaves as its first argument says, for the tests to run as a process. */
const behaviour = process.argv[2];
const alive = setInterval(() => undefined, 1000);

await runService(
  'fixture',
  async (_env, { log, onFatal }) => {
    if (behaviour === 'misconfigured') throw new AppError('invalid', 'PORT: must be a number');
    if (behaviour === 'unavailable') throw new AppError('unavailable', 'postgres does not answer');
    if (behaviour === 'fatal') setImmediate(() => onFatal(new Error('the group is gone')));
    if (behaviour === 'rejects') setImmediate(() => void Promise.reject(new Error('nobody listens')));
    if (behaviour === 'starting') {
      log.info('starting');
      await delay(60_000);
    }
    return {
      url: 'http://127.0.0.1:1',
      stop: async () => {
        if (behaviour === 'hangs') await delay(60_000);
        if (behaviour === 'stop-fails') throw new Error('the pool would not close');
        log.info('everything is stopped');
        clearInterval(alive);
      },
    };
  },
  behaviour === 'hangs' ? 50 : undefined,
);
