import type { Log } from '@lingquan/log';

export type Upkeep = { stop: () => Promise<void> };

/**
 * Does `work` now and then every `everyMs`, never twice at a time. A failure is logged when it begins and the work is tried
 * again at the next turn.
 */
export function startUpkeep(what: string, everyMs: number, work: () => Promise<void>, log: Log): Upkeep {
  let failing = false;
  let working: Promise<void> | undefined;
  const turn = async () => {
    try {
      await work();
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, `${what} failed; trying on`);
      failing = true;
    }
  };
  const begin = () => {
    working ??= turn().finally(() => (working = undefined));
  };
  begin();
  const timer = setInterval(begin, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await working;
    },
  };
}
