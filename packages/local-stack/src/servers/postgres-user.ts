import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@lingquan/errors';

/** The user Postgres runs as when we are root (it refuses to run as root); undefined when we are not. */
export type ServerUser = { uid: number; gid: number } | undefined;

/** The user `postgres` that the package makes, else `nobody`; undefined when we are not root. */
export function postgresUser(): ServerUser {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => idOf(flag, name));
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new AppError(
    'unavailable',
    'PostgreSQL 不能以 root 运行，又没有 postgres 或 nobody 用户。PostgreSQL does not run as root, and there is no user postgres or nobody.',
  );
}

function idOf(flag: string, name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

/** Whether `user` can enter `folder`: asked of the system itself, which knows of modes, lists and mounts. */
function canEnter(folder: string, user: ServerUser): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$0"', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

/**
 * A folder that `user` owns and can reach, made if need be: `remembered` from the last time, else `parent`/postgres, or one named
 * by the system's id below /var/tmp when the user cannot enter `parent` (a checkout below /root, say).
 */
export function postgresFolder(parent: string, id: string, user: ServerUser, remembered?: string): string {
  const reachable = user === undefined || canEnter(parent, user);
  const folder = remembered ?? (reachable ? join(parent, 'postgres') : `/var/tmp/lingquan-${id}-postgres`);
  ownFolder(folder, user);
  return folder;
}

/** Below /var/tmp anybody may have made the folder before us: only one that belongs to us or to the server is taken. */
function ownFolder(folder: string, user: ServerUser): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const owners = [process.getuid?.(), user?.uid];
  if (!found.isDirectory() || !owners.includes(found.uid)) {
    throw new AppError('unavailable', `${folder} belongs to somebody else; move it away`);
  }
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
}

/** Runs a program as the server's user to its end; throws with what it said. */
export function runAs(user: ServerUser, command: string, args: readonly string[], cwd: string): void {
  try {
    execFileSync(command, args, {
      ...user,
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch (cause) {
    throw new AppError('unavailable', `${command} failed: ${(cause as { stderr?: string }).stderr ?? ''}`, { cause });
  }
}
