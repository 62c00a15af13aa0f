import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './layout.ts';
import { within } from './waiting.ts';

/**
 * Runs turbo tasks over the workspace and gives turbo's exit code. pnpm comes through npx in the version package.json pins; it
 * puts itself and the project's Node on the PATH of every script. When `signal` fires the whole process group is ended.
 */
export async function runTurbo(args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const { packageManager } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
    packageManager: string;
  };
  const command = ['--loglevel=error', '--prefer-offline', '-y', packageManager, 'exec', 'turbo', 'run', ...args];
  const settings = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  const child = spawn('npx', command, {
    cwd: checkout,
    env: { ...env, ...settings },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const onAbort = () => void endGroup(child.pid!, exited);
  signal.addEventListener('abort', onAbort, { once: true });
  const [code] = (await exited) as [number | null];
  signal.removeEventListener('abort', onAbort);
  return code ?? 1;
}

async function endGroup(leader: number, exited: Promise<unknown>): Promise<void> {
  process.kill(-leader, 'SIGTERM');
  if ((await within(exited, 8_000, 'late')) === 'late') process.kill(-leader, 'SIGKILL');
}
