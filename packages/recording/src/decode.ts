import { AppError } from '@lingquan/errors';
import type { Recorded } from './recorded.ts';

type HeaderValue = Buffer | string | undefined;

const torn = (): never => {
  throw new AppError('invalid', 'a block ends in the middle of a record: the recording was made by something else');
};

/**
 * The records of one block, uncompressed. Keys and values share its memory. Headers of ASCII, as nearly all are, are texts: most are as in the record
 * before, and a piece of memory for each was the larger part of reading.
 */
export function decodeRecords(bytes: Buffer, topic: string, partition: number, count: number): Recorded[] {
  let at = 0;
  const varint = (): number => {
    let byte = bytes[at++] ?? torn();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = bytes[at++] ?? torn();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return value;
  };
  const field = (): Buffer | null => {
    const size = varint();
    if (size === 0) return null;
    const from = at;
    at += size - 1;
    if (at > bytes.length) torn();
    return bytes.subarray(from, at);
  };
  const headerOf = headerReader(bytes);

  const records: Recorded[] = [];
  for (let place = 0; place < count; place++) {
    const offset = varint();
    const timestampMs = varint();
    const key = field();
    const value = field();
    const headers: Record<string, HeaderValue | HeaderValue[]> = {};
    for (let left = varint(), turn = 0; left > 0; left--, turn++) {
      const nameSize = varint();
      const nameAt = at;
      at += nameSize;
      const valueSize = varint();
      const valueAt = at;
      at += Math.max(0, valueSize - 1);
      if (at > bytes.length) torn();
      const header = headerOf(turn, nameAt, nameSize, valueAt, valueSize);
      add(headers, header.name, header.value);
    }
    records.push({ topic, partition, offset, timestampMs, key, value, headers: headers as Recorded['headers'] });
  }
  if (at !== bytes.length) torn();
  return records;
}

function add(headers: Record<string, HeaderValue | HeaderValue[]>, name: string, value: HeaderValue): void {
  const before = headers[name];
  if (before === undefined && !(name in headers)) headers[name] = value;
  else headers[name] = Array.isArray(before) ? [...before, value] : [before, value];
}

type Header = { name: string; value: HeaderValue };

/** Reads headers; records of a topic carry much the same ones in the same order, so each turn first looks at what it met last. */
function headerReader(bytes: Buffer) {
  const met: (Header & { nameAt: number; nameSize: number; valueAt: number; valueSize: number })[] = [];
  const isSame = (at: number, other: number, size: number): boolean => {
    let same = 0;
    while (same < size && bytes[at + same] === bytes[other + same]) same++;
    return same === size;
  };
  return (turn: number, nameAt: number, nameSize: number, valueAt: number, valueSize: number): Header => {
    let last = met[turn];
    if (last === undefined || last.nameSize !== nameSize || !isSame(nameAt, last.nameAt, nameSize)) {
      const name = bytes.toString('utf8', nameAt, nameAt + nameSize);
      met[turn] = last = { name, nameAt, nameSize, value: undefined, valueAt, valueSize: 0 };
    }
    if (last.valueSize !== valueSize || !isSame(valueAt, last.valueAt, valueSize - 1)) {
      last.valueAt = valueAt;
      last.valueSize = valueSize;
      last.value = valueSize === 0 ? undefined : textOrBytes(bytes, valueAt, valueAt + valueSize - 1);
    }
    return last;
  };
}

function textOrBytes(bytes: Buffer, from: number, to: number): Buffer | string {
  for (let at = from; at < to; at++) if (bytes[at]! > 0x7f) return bytes.subarray(from, to);
  return bytes.toString('latin1', from, to);
}
