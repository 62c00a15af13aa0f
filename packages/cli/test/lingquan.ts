import type { Env } from '@lingquan/config';
import { run } from '../src/run.ts';

/** Runs the command line as a process would, with this environment and nothing of the machine's. */
export async function lingquan(env: Env, ...args: string[]) {
  let out = '';
  let err = '';
  const code = await run(args, {
    env: { LOCAL_DIR: '/nowhere', ...env },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    interruption: () => new AbortController().signal,
  });
  const json = (): unknown => {
    if (out === '') throw new Error(err);
    return JSON.parse(out);
  };
  return { code, out, err, json };
}
