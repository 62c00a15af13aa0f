import { setTimeout as delay } from 'node:timers/promises';

/**
 * When pushes leave: `open` at a fixed rate whatever comes back (so that a slow system cannot slow its own test down), or
 * `closed` with a number of connections that each wait for their answer.
 */
export type Pace = { kind: 'open'; ratePerSecond: number } | { kind: 'closed'; connections: number };

export type Paced = {
  pace: Pace;
  durationMs: number;
  /** Pushes at most. */
  countMax: number;
  stopped: AbortSignal;
  /** Sends the n-th push, which should leave at `intendedAt` (performance.now()); `done` is called once. */
  send: (n: number, intendedAt: number, done: () => void) => void;
};

/** Sends until the time is over, enough were sent or it is stopped; resolves with the number sent when all are answered. */
export function keepPace(paced: Paced): Promise<number> {
  return paced.pace.kind === 'open'
    ? openLoop(paced, paced.pace.ratePerSecond)
    : closedLoop(paced, paced.pace.connections);
}

async function openLoop({ durationMs, countMax, stopped, send }: Paced, ratePerSecond: number): Promise<number> {
  const count = Math.min(countMax, Math.ceil((durationMs * ratePerSecond) / 1000));
  const perPushMs = 1000 / ratePerSecond;
  const open = inFlight();
  const startedAt = performance.now();
  let sent = 0;
  while (sent < count && !stopped.aborted) {
    const due = Math.min(count, Math.floor((performance.now() - startedAt) / perPushMs) + 1);
    for (; sent < due; sent += 1) send(sent, startedAt + sent * perPushMs, open.enter());
    await delay(1);
  }
  await open.empty();
  return sent;
}

async function closedLoop({ durationMs, countMax, stopped, send }: Paced, connections: number): Promise<number> {
  const open = inFlight();
  const until = performance.now() + durationMs;
  let sent = 0;
  const next = () => {
    const now = performance.now();
    if (sent >= countMax || now >= until || stopped.aborted) return;
    const leave = open.enter();
    send(sent++, now, () => {
      next(); // before leaving, so that the room is never empty while there is more to send
      leave();
    });
  };
  for (let connection = 0; connection < connections; connection += 1) next();
  await open.empty();
  return sent;
}

/** Counts what is under way. */
function inFlight() {
  let count = 0;
  let emptied: (() => void) | undefined;
  const leave = () => {
    count -= 1;
    if (count === 0) emptied?.();
  };
  return {
    enter: () => {
      count += 1;
      return leave;
    },
    empty: () => (count === 0 ? Promise.resolve() : new Promise<void>((resolve) => void (emptied = resolve))),
  };
}
