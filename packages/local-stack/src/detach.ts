import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutOf, makeFolders } from './layout.ts';

/** What a detached start tells the process that waits for it. */
export type DetachedMessage = { line: string } | { ready: true } | { ended: true };

const entry = fileURLToPath(new URL('bin/detached.ts', import.meta.url));

/**
 * Starts the system in a process of its own, shows its progress, and returns when it is ready (0) or has ended (its exit code).
 * When `signal` fires before that, the start is called off and waited for.
 */
export async function startDetached(args: readonly string[], signal: AbortSignal): Promise<number> {
  const layout = layoutOf(process.env['LOCAL_DIR']);
  makeFolders(layout);
  const log = openSync(join(layout.log, 'supervisor.log'), 'a');
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', log, log, 'ipc'], detached: true });
  closeSync(log);
  signal.addEventListener('abort', () => void child.kill('SIGTERM'), { once: true });
  const ready = new Promise<number>((resolve) => {
    child.on('message', (message: DetachedMessage) => {
      if ('line' in message) process.stdout.write(`${message.line}\n`);
      else if ('ready' in message) resolve(0);
    });
  });
  const ended = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : 1));
  const code = await Promise.race([ready, ended]);
  if (child.connected) child.disconnect();
  child.unref();
  return code;
}
