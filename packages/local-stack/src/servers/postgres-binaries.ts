import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { AppError } from '@lingquan/errors';

/** Folders where packages put Postgres's server programs without putting them on the PATH. */
const packageFolders = [
  '/usr/lib/postgresql/*/bin', // Debian, Ubuntu
  '/usr/pgsql-*/bin', // Red Hat
  '/opt/homebrew/opt/postgresql@*/bin', // macOS on Apple silicon
  '/usr/local/opt/postgresql@*/bin',
];

/** One installed Postgres: the folder that holds both `initdb` and `postgres`, and its major version. */
export type PostgresBinaries = { folder: string; major: number };

/** All that are installed: those on the PATH first, then the newest. */
export function installedPostgres(env: NodeJS.ProcessEnv): PostgresBinaries[] {
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'postgres'));
  const named = onPath.filter((file) => existsSync(file)).map((file) => dirname(realpathSync(file)));
  const packaged = packageFolders.flatMap((pattern) => globSync(pattern));
  const complete = [...new Set([...named, ...packaged])].filter(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
  const found = complete.map((folder) => ({ folder, major: majorOf(join(folder, 'postgres')) }));
  const first = found.slice(0, named.length > 0 ? 1 : 0);
  return [...first, ...found.slice(first.length).toSorted((a, b) => b.major - a.major)];
}

const majorOf = (program: string): number =>
  Number(/(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1] ?? 0);

/** The Postgres for a data folder: the one whose version made it, or the first if there is no data yet. */
export function postgresFor(dataDir: string, installed: readonly PostgresBinaries[]): PostgresBinaries {
  const versionFile = join(dataDir, 'PG_VERSION');
  const made = existsSync(versionFile) ? Number(readFileSync(versionFile, 'utf8')) : undefined;
  const fitting = made === undefined ? installed[0] : installed.find(({ major }) => major === made);
  if (fitting !== undefined) return fitting;
  throw new AppError(
    'unavailable',
    `${dataDir} 是 PostgreSQL ${made} 的数据，本机没有这个版本。The data in ${dataDir} was made by PostgreSQL ${made}, which is not installed: ` +
      'install that version, or move the folder away to begin anew.',
  );
}
