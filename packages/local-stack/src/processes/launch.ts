import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { within } from '../waiting.ts';

/** A program to run. Its output goes straight into `logFile`, so it survives us and costs us nothing. */
export type Program = {
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Runs it as another user; only root can. */
  user?: { uid: number; gid: number } | undefined;
};

/** A process that was started; `exited` tells how it ended (a signal's name or `exit code N`) and never rejects. */
export type Running = {
  /** 0 for a process that is not on this machine. */
  pid: number;
  exited: Promise<string>;
  signal: (signal: NodeJS.Signals) => void;
};

/**
 * Starts a program in a process group of its own: a Ctrl-C in the terminal must not reach it behind our back, because servers
 * have to outlive the services. Throws when there is no such program.
 */
export async function launch({ command, args, cwd, env, logFile, user }: Program): Promise<Running> {
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(command, args, { cwd, env, ...user, stdio: ['ignore', log, log], detached: true });
    const exited = once(child, 'exit').then(
      ([code, signal]: unknown[]) => (typeof signal === 'string' ? signal : `exit code ${String(code)}`),
      (error: unknown) => String(error),
    );
    await once(child, 'spawn');
    return { pid: child.pid!, exited, signal: (signal) => void child.kill(signal) };
  } finally {
    closeSync(log);
  }
}

/** Asks a process to end with `signal`, and ends it after `withinMs` if it did not. */
export async function end(running: Running, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  running.signal(signal);
  const how = await within(running.exited, withinMs, undefined);
  if (how !== undefined) return;
  running.signal('SIGKILL');
  await running.exited;
}
