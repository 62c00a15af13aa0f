import { launch } from '../processes/launch.ts';
import type { Kept } from '../processes/keep-alive.ts';
import { localAddress } from './names.ts';
import { pingRedis } from './ping.ts';

/** What every server run as a program is told. `durable` off is for servers that are thrown away after a test run. */
export type ServerProgram = { port: number; dataDir: string; logFile: string; durable: boolean };

/** Redis is a convenience and keeps nothing on disk: what it forgets is computed again. */
export function redisArguments(port: number, dataDir: string): string[] {
  return [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dataDir,
    '--save',
    '',
    '--appendonly',
    'no',
    '--loglevel',
    'warning',
  ];
}

/** Redis as a program on this machine. */
export function redisProgram(command: string, { port, dataDir, logFile }: ServerProgram): Kept {
  const args = redisArguments(port, dataDir);
  return {
    name: 'redis',
    logFile,
    start: () => launch({ command, args, cwd: dataDir, env: process.env, logFile }),
    ready: () => pingRedis(localAddress('redis', port)),
    readyWithinMs: 10_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
  };
}
