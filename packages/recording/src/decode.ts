import { AppError } from '@lingquan/errors';
import type { Recorded } from './recorded.ts';

type HeaderValue = Buffer | undefined;

const torn = (): never => {
  throw new AppError('invalid', 'a block ends in the middle of a record: the recording was made by something else');
};

/** The records of one block, uncompressed. Keys and values share its memory. */
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
  const slice = (size: number): Buffer => {
    if (at + size > bytes.length) torn();
    const part = bytes.subarray(at, at + size);
    at += size;
    return part;
  };
  const field = (): Buffer | null => {
    const size = varint();
    return size === 0 ? null : slice(size - 1);
  };
  const names = nameReader(bytes);

  const records: Recorded[] = [];
  for (let place = 0; place < count; place++) {
    const offset = varint();
    const timestampMs = varint();
    const key = field();
    const value = field();
    const headers: Record<string, HeaderValue | HeaderValue[]> = {};
    for (let left = varint(), turn = 0; left > 0; left--, turn++) {
      const size = varint();
      if (at + size > bytes.length) torn();
      const name = names(at, size, turn);
      at += size;
      add(headers, name, field() ?? undefined);
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

/** Reads header names; records of a topic carry the same ones in the same order, so each turn first looks for what it met last. */
function nameReader(bytes: Buffer) {
  const met: { at: number; size: number; name: string }[] = [];
  return (at: number, size: number, turn: number): string => {
    const last = met[turn];
    if (last?.size === size) {
      let same = 0;
      while (same < size && bytes[last.at + same] === bytes[at + same]) same++;
      if (same === size) return last.name;
    }
    const name = bytes.toString('utf8', at, at + size);
    met[turn] = { at, size, name };
    return name;
  };
}
