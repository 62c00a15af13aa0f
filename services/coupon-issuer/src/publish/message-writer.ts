const POOL_BYTES = 64 * 1024;
/** More than a tag and a length. */
const SLACK = 16;

/**
 * Writes Protobuf's wire format (https://protobuf.dev/programming-guides/encoding/) field by field, one message behind the other into shared
 * memory: the generic encoder takes three pieces of memory a message. Fields come in the order of their numbers, as it has them.
 */
export function messageWriter() {
  let bytes = Buffer.allocUnsafeSlow(POOL_BYTES);
  let begin = 0;
  let at = 0;

  const reserve = (size: number) => {
    if (at + size <= bytes.length) return;
    const next = Buffer.allocUnsafeSlow(Math.max(POOL_BYTES, 2 * (at - begin + size)));
    bytes.copy(next, 0, begin, at);
    bytes = next;
    at -= begin;
    begin = 0;
  };
  /** Room for it was reserved; up to 2^31. */
  const varint = (value: number) => {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
  };

  return {
    /** Begins a message; one that was left unfinished is forgotten. */
    begin: (): void => {
      begin = at;
    },
    /** A string; an empty one is left out, as the schema's default. */
    text: (field: number, value: string): void => {
      if (value === '') return;
      reserve(3 * value.length + SLACK);
      varint((field << 3) | 2);
      const size = Buffer.byteLength(value);
      varint(size);
      if (size > value.length || size > 64) at += bytes.write(value, at);
      else {
        const into = bytes;
        for (let i = 0; i < size; i++) into[at + i] = value.charCodeAt(i); // calling out costs more
        at += size;
      }
    },
    /** A number or an enum, not its default. */
    number: (field: number, value: number): void => {
      reserve(SLACK);
      varint(field << 3);
      varint(value);
    },
    /** The beginning of a message of `size` bytes, which follow. */
    message: (field: number, size: number): void => {
      reserve(SLACK);
      varint((field << 3) | 2);
      varint(size);
    },
    /** Fields that are written already. */
    fields: (written: Uint8Array): void => {
      reserve(written.length);
      bytes.set(written, at);
      at += written.length;
    },
    /** The message. */
    end: (): Buffer => bytes.subarray(begin, at),
  };
}
