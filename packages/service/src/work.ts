import type { Log } from '@lingquan/log';

export type Work = {
  /** There may be something to do. */
  wake: () => void;
  /** Begins no further turn; resolves when the last one is over. */
  stop: () => Promise<void>;
};

/**
 * Does `turn` again and again: at once while it says that there may be more, else after `lookMs` or when woken. A failure is logged when
 * it begins (`what` cannot be done), and tried on after a rest.
 */
export function startWork(what: string, lookMs: number, turn: () => Promise<boolean>, log: Log): Work {
  const rest = rester();
  let stopping = false;

  async function run(): Promise<void> {
    let failing = false;
    while (!stopping) {
      try {
        const more = await turn();
        failing = false;
        if (!more) await rest.until(lookMs);
      } catch (error) {
        if (!failing) log.warn({ err: error }, `${what}; trying on`);
        failing = true;
        await rest.until(lookMs);
      }
    }
  }

  const running = run();
  return {
    wake: rest.over,
    stop: async () => {
      stopping = true;
      rest.over();
      await running;
    },
  };
}

/** A pause that can be cut short, also before it begins. */
function rester() {
  let cut = false;
  let wake: (() => void) | undefined;
  return {
    over: () => {
      cut = true;
      wake?.();
    },
    until: async (ms: number) => {
      if (!cut) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      cut = false;
    },
  };
}
