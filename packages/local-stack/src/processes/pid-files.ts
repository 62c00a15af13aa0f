import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startedAtOf } from './identity.ts';

/** The `NAME.pid` files of one system. */
export type PidFiles = ReturnType<typeof pidFiles>;

/** How much later than its pid file a process may seem to have started: clocks are read in ticks and seconds. */
const slackMs = 2000;

export function pidFiles(folder: string) {
  const fileOf = (name: string) => join(folder, `${name}.pid`);

  /** The process a file stands for, or undefined if it is gone (also when another process has its id by now). */
  function alive(name: string): number | undefined {
    const file = fileOf(name);
    if (!existsSync(file)) return undefined;
    const pid = Number(readFileSync(file, 'utf8').trim());
    if (!Number.isInteger(pid) || pid <= 1) return undefined;
    const startedAt = startedAtOf(pid);
    return startedAt !== undefined && startedAt <= statSync(file).mtimeMs + slackMs ? pid : undefined;
  }

  return {
    alive,
    write: (name: string, pid: number) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(fileOf(name), `${pid}\n`);
    },
    remove: (name: string) => rmSync(fileOf(name), { force: true }),
    names: () =>
      existsSync(folder)
        ? readdirSync(folder)
            .filter((file) => file.endsWith('.pid'))
            .map((file) => file.slice(0, -'.pid'.length))
        : [],
  };
}
