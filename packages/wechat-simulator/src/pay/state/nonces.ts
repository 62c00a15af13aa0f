/** How long a request can be replayed: its time is believed five minutes either way. */
const keptMs = 10 * 60_000;

/** The nonces of verified requests, so that none is taken twice. */
export interface Nonces {
  /** False when it has been used. */
  use(nonce: string, now: number): boolean;
}

export function createNonces(): Nonces {
  // Two generations, swapped after the time a nonce must be remembered: no sweep over each of them.
  let older = new Set<string>();
  let newer = new Set<string>();
  let startedAt = 0;
  return {
    use(nonce, now) {
      if (now - startedAt > keptMs) {
        older = now - startedAt > 2 * keptMs ? new Set() : newer;
        newer = new Set();
        startedAt = now;
      }
      if (newer.has(nonce) || older.has(nonce)) return false;
      newer.add(nonce);
      return true;
    },
  };
}
