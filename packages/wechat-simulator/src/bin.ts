import process from 'node:process';
import { messageOf } from '@lingquan/errors';
import { loadConfig } from './config.ts';
import { start } from './main.ts';

try {
  const simulator = await start(loadConfig(process.env));
  const stop = () => void simulator.stop();
  process.once('SIGINT', stop).once('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
