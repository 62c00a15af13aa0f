import type { Coupon } from '../domain/attempt.ts';

/** What followers hold, of every campaign. */
export type Holders = {
  /** One coupon more of a campaign (its number), which comes after those that were added before. */
  add: (openid: string, campaign: number, coupon: Coupon) => void;
  /** Hands over, campaign by campaign, how many a follower holds and the first of them. */
  of: (openid: string, take: (campaign: number, count: number, first: Coupon) => void) => void;
};

/** Numbers of an entry: the next one in its chain, the hash, campaign, count, serial, where its texts begin, and how long openid and code are. */
const WIDTH = 8;

/**
 * A hash table from openid to holdings in flat memory, about 200 bytes a holding: as objects, millions of them would be moved and marked by
 * the collector over and over, and looked up in Postgres they would need an index while it is written.
 */
export function startHolders(): Holders {
  let chains = new Int32Array(1024); // the first entry of each, from 1
  let numbers = new Float64Array(WIDTH * chains.length);
  let texts = new Uint16Array(64 * chains.length);
  let entries = 0;
  let textEnd = 0;

  const isOf = (entry: number, hash: number, openid: string): boolean => {
    const from = WIDTH * entry;
    if (numbers[from + 1] !== hash || numbers[from + 6] !== openid.length) return false;
    const begin = numbers[from + 5]!;
    for (let i = 0; i < openid.length; i++) if (texts[begin + i] !== openid.charCodeAt(i)) return false;
    return true;
  };
  const link = (entry: number) => {
    const chain = numbers[WIDTH * entry + 1]! & (chains.length - 1);
    numbers[WIDTH * entry] = chains[chain]!;
    chains[chain] = entry + 1;
  };
  const write = (text: string) => {
    for (let i = 0; i < text.length; i++) texts[textEnd++] = text.charCodeAt(i);
  };
  const reserve = (text: number) => {
    texts = roomFor(texts, textEnd + text);
    if (entries < chains.length) return;
    numbers = roomFor(numbers, 2 * numbers.length);
    chains = new Int32Array(2 * chains.length);
    for (let entry = 0; entry < entries; entry++) link(entry);
  };
  /** The first entry of this follower in a chain from `entry` on; -1 when there is none. */
  const find = (entry: number, hash: number, openid: string): number => {
    let at = entry;
    while (at >= 0 && !isOf(at, hash, openid)) at = nextOf(at);
    return at;
  };
  const nextOf = (entry: number): number => numbers[WIDTH * entry]! - 1;
  const firstOf = (hash: number): number => chains[hash & (chains.length - 1)]! - 1;

  return {
    add: (openid, campaign, { serial, code }) => {
      const hash = hashOf(openid);
      for (let entry = find(firstOf(hash), hash, openid); entry >= 0; entry = find(nextOf(entry), hash, openid))
        if (numbers[WIDTH * entry + 2] === campaign) {
          numbers[WIDTH * entry + 3]!++;
          return;
        }
      reserve(openid.length + code.length);
      numbers.set([0, hash, campaign, 1, serial, textEnd, openid.length, code.length], WIDTH * entries);
      write(openid);
      write(code);
      link(entries++);
    },
    of: (openid, take) => {
      const hash = hashOf(openid);
      for (let entry = find(firstOf(hash), hash, openid); entry >= 0; entry = find(nextOf(entry), hash, openid)) {
        const from = WIDTH * entry;
        const codeAt = numbers[from + 5]! + openid.length;
        const code = String.fromCharCode(...texts.subarray(codeAt, codeAt + numbers[from + 7]!));
        take(numbers[from + 2]!, numbers[from + 3]!, { serial: numbers[from + 4]!, code });
      }
    },
  };
}

/** FNV-1a over the text's characters. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15); // the lower bits choose the chain
}

/** The same array, or its contents in one of at least twice the size, when `length` does not fit. */
function roomFor<A extends Float64Array | Uint16Array>(array: A, length: number): A {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => A)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
