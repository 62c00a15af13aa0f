import type { Env } from '@lingquan/config';

/** What a command may touch of the process it runs in, so that tests can run it without one. */
export type Terminal = {
  env: Env;
  /** Results: standard output. */
  out: (text: string) => void;
  /** Progress and errors: standard error, so that a result can be piped. */
  err: (text: string) => void;
  /** A signal that fires on Ctrl-C, for a command that then ends early and still says what it has. Others are simply ended. */
  interruption: () => AbortSignal;
};

/** 0: done; 1: refused, failed, or a check found something; 2: the command was used wrongly. */
export type ExitCode = 0 | 1 | 2;

/** Shows a result: one line of JSON for a program, else lines for a person. */
export function show(terminal: Terminal, json: boolean, value: unknown, human: () => string): void {
  terminal.out(`${json ? JSON.stringify(value) : human()}\n`);
}
