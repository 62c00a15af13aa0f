import { randomInt } from 'node:crypto';
import { grown } from './columns.ts';

/** New for every run, so that nobody can write keys that collide. */
const SEED_LOW = randomInt(2 ** 32);
const SEED_HIGH = randomInt(2 ** 32);

const SLOTS_MIN = 1024;

/**
 * Numbers keys in the order in which they come, from 0. Keeps 64 bits of each key instead of the key: 16 to 24 bytes outside the
 * JavaScript heap, whatever its length. Two keys are taken for one with a probability of n² / 2^65: 3 in a million for ten million keys.
 */
export type KeyTable = {
  /** The key's number; a new one, equal to `size()` before, when it was not there. `salt` sets kinds of keys apart. */
  put: (key: string, salt?: number) => number;
  /** The key's number, or undefined. */
  find: (key: string, salt?: number) => number | undefined;
  size: () => number;
  /** What the table keeps in memory. */
  bytes: () => number;
};

/** `expected` keys fit without growing. */
export function keyTable(expected = 0): KeyTable {
  let slots = new Uint32Array(slotsFor(Math.max(expected, SLOTS_MIN / 2))); // a key's number + 1; 0 is free
  let keys = new Uint32Array(2 * Math.max(expected, SLOTS_MIN / 2));
  let count = 0;
  // The two halves of the hash of the key asked for last: a pair returned would be an object for each.
  let low = 0;
  let high = 0;

  /** Two lanes of multiply and xor, mixed crosswise at the end (after bryc's cyrb53, with all 64 bits kept). */
  function hash(key: string, salt: number): void {
    let a = SEED_LOW ^ salt;
    let b = SEED_HIGH ^ Math.imul(salt, 0x9e3779b1);
    for (let place = 0; place < key.length; place++) {
      const unit = key.charCodeAt(place);
      a = Math.imul(a ^ unit, 2_654_435_761);
      b = Math.imul(b ^ unit, 1_597_334_677);
      a ^= a >>> 15;
      b ^= b >>> 13;
    }
    const mixed = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
    low = mixed >>> 0;
    high = (Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)) >>> 0;
  }

  /** The slot that holds the key hashed last, or the free one where it belongs. */
  function slotOf(): number {
    const mask = slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const number = slots[slot]!;
      if (number === 0) return slot;
      if (keys[2 * number - 2] === low && keys[2 * number - 1] === high) return slot;
    }
  }

  function grow(): void {
    slots = new Uint32Array(slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < count; number++) {
      let slot = keys[2 * number]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
  }

  return {
    put: (key, salt = 0) => {
      hash(key, salt);
      const slot = slotOf();
      const known = slots[slot]!;
      if (known !== 0) return known - 1;
      if (2 * count + 2 > keys.length) keys = grown(keys, 2 * count + 2);
      keys[2 * count] = low;
      keys[2 * count + 1] = high;
      slots[slot] = ++count;
      if (count > slots.length * 0.7) grow();
      return count - 1;
    },
    find: (key, salt = 0) => {
      hash(key, salt);
      const known = slots[slotOf()]!;
      return known === 0 ? undefined : known - 1;
    },
    size: () => count,
    bytes: () => slots.byteLength + keys.byteLength,
  };
}

const slotsFor = (keys: number): number => 2 ** Math.ceil(Math.log2(keys / 0.7));
