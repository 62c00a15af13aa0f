/** Remembers what it was given in a few bits each: `has` may err by saying yes (about 1 in 1000 at the size expected), never by saying no. */
export type Seen = { add: (text: string) => void; has: (text: string) => boolean };

const BITS_EACH = 16;
const PROBES = 7;

/** A Bloom filter for about `expected` texts: what is certainly new need not be looked for in the store. */
export function startSeen(expected: number): Seen {
  const size = 2 ** Math.ceil(Math.log2(Math.max(1024, expected * BITS_EACH)));
  const words = new Uint32Array(size / 32);
  const mask = size - 1;
  /** Two hashes a text (FNV-1a, and one like it); every probe is a step of the second from the first. */
  const hashes = (text: string): [number, number] => {
    let a = 0x811c9dc5;
    let b = 0x9747b28c;
    for (let i = 0; i < text.length; i++) {
      const sign = text.charCodeAt(i);
      a = Math.imul(a ^ sign, 0x01000193);
      b = Math.imul(b ^ sign, 0x5bd1e995) ^ (b >>> 15);
    }
    return [(a ^ (a >>> 13)) >>> 0, (b | 1) >>> 0];
  };
  return {
    add: (text) => {
      let [at, step] = hashes(text);
      for (let probe = 0; probe < PROBES; probe++, at = (at + step) >>> 0) words[(at & mask) >>> 5]! |= 1 << (at & 31);
    },
    has: (text) => {
      let [at, step] = hashes(text);
      for (let probe = 0; probe < PROBES; probe++, at = (at + step) >>> 0)
        if ((words[(at & mask) >>> 5]! & (1 << (at & 31))) === 0) return false;
      return true;
    },
  };
}
