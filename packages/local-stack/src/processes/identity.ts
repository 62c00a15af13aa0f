import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * When a process started, in milliseconds since 1970, or undefined if none runs under this id (a zombie does not count).
 * Exact to about a second. Serves to tell a process from a later one that got the same id.
 */
export function startedAtOf(pid: number): number | undefined {
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
}

/** proc(5): fields are counted after the command, which is in parentheses and may hold anything. Ticks are 1/100 s. */
function fromProc(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const bootAt = Number(/^btime (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]) * 1000;
    return bootAt + Number(fields[19]) * 10;
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): number | undefined {
  try {
    const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    const startedAt = Date.parse(output.trim());
    return Number.isNaN(startedAt) ? undefined : startedAt;
  } catch {
    return undefined;
  }
}

/** The ids of all processes that `matches` (given the folder /proc/PID) says yes to. Empty where there is no /proc. */
function processesWhere(matches: (folder: string) => boolean): number[] {
  if (!existsSync('/proc/self')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return matches(`/proc/${name}`);
      } catch {
        return false; // gone in the meantime, or not ours to look at
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid && startedAtOf(pid) !== undefined);
}

/** Processes that work in `folder`. Postgres and all its children do so in their data folder. Linux only; empty elsewhere. */
export function processesIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  const real = realpathSync(folder);
  return processesWhere((entry) => readlinkSync(`${entry}/cwd`) === real);
}

/** Processes that were started with `NAME=value` in their environment, at any depth. Linux only; empty elsewhere. */
export function processesMarked(name: string, value: string): number[] {
  const mark = `${name}=${value}`;
  return processesWhere((entry) => readFileSync(`${entry}/environ`, 'utf8').split('\0').includes(mark));
}
