import { join } from 'node:path';
import { codeOf, messageOf } from '@lingquan/errors';
import { layoutOf, makeFolders } from './layout.ts';
import { pidFiles } from './processes/pid-files.ts';
import type { StartOptions } from './start-options.ts';
import { startSystem } from './system.ts';
import type { System } from './system.ts';
import { createSay, stopwatch } from './terminal.ts';

/**
 * Starts the system of LOCAL_DIR, keeps it running until `signal` fires, stops it, and gives the exit code.
 * `onReady` is told once everything answers.
 */
export async function runSystem(
  options: StartOptions,
  { signal, detached, onReady }: { signal: AbortSignal; detached: boolean; onReady: () => void },
): Promise<number> {
  const layout = layoutOf(process.env['LOCAL_DIR']);
  makeFolders(layout);
  const say = createSay(join(layout.log, 'supervisor.log'), detached);
  const elapsed = stopwatch();
  let system: System;
  try {
    system = await startSystem({ layout, env: process.env, options, say, pids: pidFiles(layout.run), signal });
  } catch (error) {
    if (signal.aborted) say('■ 已停止 stopped');
    else say(`✗ ${messageOf(error)}`);
    return signal.aborted ? 130 : codeOf(error) === 'conflict' ? alreadyRunningCode : 1;
  }
  say(`${elapsed()} 日志 logs: ${layout.log}`);
  if (!detached) say('Ctrl-C 停止 stops everything');
  onReady();
  await fired(signal);
  say('… 正在停止 stopping');
  const stopping = stopwatch();
  await system.stop();
  say(`■ 已停止 stopped ${stopping()}`);
  return 0;
}

/** How a start ends that found the system running. */
export const alreadyRunningCode = 3;

async function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
