import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/** Where one system keeps what it has on this machine. Everything is found again by `dir` alone. */
export type Layout = {
  dir: string;
  /** `NAME.pid` of every process, and `servers.json`. Gone after a stop. */
  run: string;
  /** `NAME.log` of every process. */
  log: string;
  /** One folder per server started as a program. */
  data: string;
  /** Secrets made for trying the system out; readable by the owner alone. */
  secretsFile: string;
  /** How each server was brought up last time, so that the next start finds its data again. */
  choicesFile: string;
  serversFile: string;
  /** Eight hex digits that stand for `dir` in names that must differ between systems. */
  id: string;
};

/** The layout of the system in `localDir`: absolute, or relative to the checkout; `.local` by default. */
export function layoutOf(localDir: string | undefined): Layout {
  const dir = resolve(checkout, localDir || '.local');
  return {
    dir,
    run: join(dir, 'run'),
    log: join(dir, 'log'),
    data: join(dir, 'data'),
    secretsFile: join(dir, 'secrets.json'),
    choicesFile: join(dir, 'choices.json'),
    serversFile: join(dir, 'run', 'servers.json'),
    id: createHash('sha256').update(dir).digest('hex').slice(0, 8),
  };
}

/** Makes the folders. They can be entered by others, because Postgres may have to run as a user of its own. */
export function makeFolders(layout: Layout): void {
  for (const folder of [layout.dir, layout.run, layout.log, layout.data]) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  }
}
