import type { Entry } from './entry.ts';

/** One id where the sides disagree. */
export type Difference = { verdict: 'only in A' | 'only in B' | 'differs'; a: Entry | undefined; b: Entry | undefined };

export type Matched = {
  /** Distinct records, by id and content, of each side in the order of both. */
  a: Entry[];
  b: Entry[];
  differences: Difference[];
};

/**
 * Holds the entries of one bucket against each other. What is said twice in the same words, as after a crash, counts once. An id may
 * come with several contents (the answer to a repeated push goes to another address).
 */
export function match(left: Entry[], right: Entry[]): Matched {
  const a = distinct(left);
  const b = distinct(right);
  const inB = new Map(b.map((entry) => [wordOf(entry), entry]));
  const inA = new Set(a.map(wordOf));
  const unmatched = new Map<string, Entry[]>();
  for (const entry of b) if (!inA.has(wordOf(entry))) push(unmatched, entry.id, entry);
  const differences: Difference[] = [];
  for (const entry of a) {
    if (inB.has(wordOf(entry))) continue;
    const other = unmatched.get(entry.id)?.shift();
    differences.push(
      other === undefined
        ? { verdict: 'only in A', a: entry, b: undefined }
        : { verdict: 'differs', a: entry, b: other },
    );
  }
  for (const rest of unmatched.values())
    for (const entry of rest) differences.push({ verdict: 'only in B', a: undefined, b: entry });
  return { a, b, differences };
}

const wordOf = ({ id, content }: Entry): string => id + content;

function distinct(entries: Entry[]): Entry[] {
  const first = new Map<string, Entry>();
  for (const entry of entries) if (!first.has(wordOf(entry))) first.set(wordOf(entry), entry);
  return [...first.entries()].toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([, entry]) => entry);
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
