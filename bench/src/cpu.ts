import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second (sysconf _SC_CLK_TCK, 100 on every architecture Node runs on). */
const tickSeconds = 0.01;

type Stat = { parent: number; ownTicks: number; waitedTicks: number };

/** Fields of /proc/PID/stat behind the name in parentheses, which may itself hold blanks: proc_pid_stat(5). */
function readStat(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1]!, ownTicks: fields[11]! + fields[12]!, waitedTicks: fields[13]! + fields[14]! };
  } catch {
    return undefined; // it has ended, or this is no Linux
  }
}

/**
 * CPU seconds used so far by each of these processes with everything below it, by name. Children that ended count through the
 * parent that waited for them, so Postgres's backends are in whenever they live.
 */
export function cpuSeconds(pids: Readonly<Record<string, number>>): Record<string, number> {
  const children = new Map<number, number[]>();
  for (const pid of allPids()) {
    const parent = readStat(pid)?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const ticks = (pid: number): number => {
    const stat = readStat(pid);
    const below = (children.get(pid) ?? []).reduce((sum, child) => sum + ticks(child), 0);
    return stat === undefined ? 0 : stat.ownTicks + stat.waitedTicks + below;
  };
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, ticks(pid) * tickSeconds]));
}

function allPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Microseconds of CPU per `count` things by process, during `work`; this process goes by `load`. */
export async function cpuDuring<T>(
  pids: Readonly<Record<string, number>>,
  work: () => Promise<T>,
  countOf: (result: T) => number,
): Promise<{ result: T; cpuMicros: Record<string, number> }> {
  const all = { ...pids, load: process.pid };
  // The servers started here are children of this process; they are counted on their own.
  const before = cpuSeconds(all);
  const ownBefore = process.cpuUsage();
  const result = await work();
  const own = process.cpuUsage(ownBefore);
  const after = cpuSeconds(all);
  const count = Math.max(1, countOf(result));
  const micros = (name: string) =>
    name === 'load' ? (own.user + own.system) / count : ((after[name]! - before[name]!) * 1e6) / count;
  return { result, cpuMicros: Object.fromEntries(Object.keys(all).map((name) => [name, micros(name)])) };
}

/** The sum over processes, the load generator left out: it is not part of the system. */
export const systemMicros = (cpuMicros: Record<string, number>): number =>
  Object.entries(cpuMicros).reduce((sum, [name, micros]) => (name === 'load' ? sum : sum + micros), 0);
