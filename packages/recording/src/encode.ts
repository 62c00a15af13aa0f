import type { Recorded } from './recorded.ts';

const SPACE = 16 * 1024;
/** More than any varint, and than the few that surround a field. */
const SLACK = 64;
/** Texts shorter than this take one byte for their length. */
const ASCII_MAX = 0x70;

export type RecordBuffer = {
  readonly length: number;
  append: (
    record: Pick<Recorded, 'timestampMs' | 'value' | 'headers'> & { key: Buffer | string | null },
    offset: number,
  ) => void;
  /** The bytes so far; the buffer is empty afterwards. */
  take: () => Buffer;
};

/** Gathers records in the form README describes under "A record". */
export function recordBuffer(): RecordBuffer {
  let bytes = Buffer.allocUnsafeSlow(SPACE);
  let at = 0;

  const reserve = (size: number) => {
    if (at + size <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, at + size));
    bytes.copy(larger, 0, 0, at);
    bytes = larger;
  };
  /** Room for it was reserved. Numbers to 2^53, so no bit operations beyond 31 bits. */
  const varint = (value: number) => {
    let rest = value;
    while (rest >= 0x80) {
      bytes[at++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[at++] = rest;
  };
  /** Writes short ASCII, as nearly all headers are, sign by sign: calling out costs more. Returns whether it was that. */
  const asciiAt = (value: string, place: number): boolean => {
    const into = bytes;
    for (let i = 0; i < value.length; i++) {
      const sign = value.charCodeAt(i);
      if (sign > 0x7f) return false;
      into[place + i] = sign;
    }
    return true;
  };
  const text = (value: string, nullable: 0 | 1) => {
    reserve(3 * value.length + SLACK);
    if (value.length < ASCII_MAX && asciiAt(value, at + 1)) {
      bytes[at] = value.length + nullable; // its varint is one byte
      at += 1 + value.length;
      return;
    }
    varint(Buffer.byteLength(value) + nullable);
    at += bytes.write(value, at);
  };
  const field = (value: Buffer | string | null | undefined) => {
    if (value === null || value === undefined) {
      reserve(SLACK);
      bytes[at++] = 0;
      return;
    }
    if (typeof value === 'string') return text(value, 1);
    reserve(value.length + SLACK);
    varint(value.length + 1);
    at += value.copy(bytes, at);
  };

  return {
    get length() {
      return at;
    },
    append: ({ timestampMs, key, value, headers }, offset) => {
      reserve(SLACK);
      varint(offset);
      varint(timestampMs);
      field(key);
      field(value);
      reserve(SLACK);
      const names = Object.keys(headers);
      varint(countOf(headers, names));
      for (const name of names) {
        const one = headers[name];
        if (!Array.isArray(one)) {
          text(name, 0);
          field(one);
        } else
          for (const each of one) {
            text(name, 0);
            field(each);
          }
      }
    },
    take: () => {
      const taken = bytes.subarray(0, at);
      bytes = Buffer.allocUnsafeSlow(Math.max(SPACE, at + (at >> 3)));
      at = 0;
      return taken;
    },
  };
}

/** A header may come several times. */
function countOf(headers: Recorded['headers'], names: string[]): number {
  let count = names.length;
  for (const name of names) {
    const one = headers[name];
    if (Array.isArray(one)) count += one.length - 1;
  }
  return count;
}
