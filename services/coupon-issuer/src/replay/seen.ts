/** Remembers ids: UUIDs as `isUuid` has them. */
export type Seen = {
  /** Whether it was noted before, and notes it. May err by saying yes (once in a million replays of a million), never by saying no. */
  note: (id: string) => boolean;
};

/** The 32 bits that eight hexadecimal digits say; `gapAt` is where a hyphen stands among them. */
export function wordOf(id: string, from: number, gapAt = -1): number {
  let word = 0;
  for (let at = from, digits = 0; digits < 8; at++) {
    if (at === gapAt) continue;
    const sign = id.charCodeAt(at);
    word = (word << 4) | ((sign & 15) + (sign >> 6) * 9); // letters, in lower case, have bit 6
    digits++;
  }
  return word;
}

/**
 * A set of 64 bits of each id, outside of the heap: what is certainly new need not be looked for in the store, and a million ids cost the collector
 * nothing. Room for about `expected`; more make it larger.
 */
export function startSeen(expected: number): Seen {
  let places = 2 ** Math.ceil(Math.log2(Math.max(1024, 2 * expected)));
  let words = new Int32Array(2 * places);
  let count = 0;

  const put = (a: number, b: number): boolean => {
    for (let place = a & (places - 1); ; place = (place + 1) & (places - 1)) {
      const [first, second] = [words[2 * place]!, words[2 * place + 1]!];
      if (first === a && second === b) return true;
      if (first !== 0 || second !== 0) continue;
      words[2 * place] = a;
      words[2 * place + 1] = b;
      return false;
    }
  };
  const grow = () => {
    const before = words;
    places *= 2;
    words = new Int32Array(2 * places);
    for (let at = 0; at < before.length; at += 2)
      if (before[at] !== 0 || before[at + 1] !== 0) put(before[at]!, before[at + 1]!);
  };

  return {
    note: (id) => {
      // All bits count: ids made elsewhere may have a time in front.
      const a = wordOf(id, 0) ^ wordOf(id, 19, 23);
      const b = wordOf(id, 9, 13) ^ wordOf(id, 28);
      const known = put(a, a === 0 && b === 0 ? 1 : b); // 0, 0 is an empty place
      if (!known && 2 * ++count > places) grow();
      return known;
    },
  };
}
