import { hash } from 'node:crypto';
import type { Recorded } from '@lingquan/recording';

/** What is kept of a record for comparing it: 64 bytes. Two of the same record, wherever they stand, agree in `id` and `content`. */
export type Entry = {
  /** Hex: of the topic and `ce_id`. */
  id: string;
  /** Hex: of the type, key, value and headers. */
  content: string;
  /** Index of the topic and the `ce_type` in the comparison's list. */
  kind: number;
  partition: number;
  offset: number;
  timestampMs: number;
};

export const ENTRY_BYTES = 64;

export function writeEntry(bytes: Buffer, at: number, entry: Entry): void {
  bytes.write(entry.id, at, 'hex');
  bytes.write(entry.content, at + 16, 'hex');
  bytes.writeUInt32LE(entry.kind, at + 32);
  bytes.writeUInt32LE(entry.partition, at + 36);
  bytes.writeDoubleLE(entry.offset, at + 40);
  bytes.writeDoubleLE(entry.timestampMs, at + 48);
}

export const readEntry = (bytes: Buffer, at: number): Entry => ({
  id: bytes.toString('hex', at, at + 16),
  content: bytes.toString('hex', at + 16, at + 32),
  kind: bytes.readUInt32LE(at + 32),
  partition: bytes.readUInt32LE(at + 36),
  offset: bytes.readDoubleLE(at + 40),
  timestampMs: bytes.readDoubleLE(at + 48),
});

const half = (digest: string): string => digest.slice(0, 32);

export const idOf = (topic: string, id: string): string => half(hash('sha256', `${topic}\n${id}`));

/** The order of headers means nothing; that of several values of one does. */
export function contentOf({ key, value, headers }: Recorded): string {
  const named = Object.keys(headers)
    .toSorted()
    .map((name) => `${name}=${[headers[name]].flat().map(text).join(',')}`);
  const parts = [Buffer.from(`${named.join('\n')}\n${text(key ?? undefined)}\n${value === null ? '-' : '+'}`)];
  return half(hash('sha256', Buffer.concat(value === null ? parts : [...parts, value])));
}

const text = (value: Buffer | string | undefined): string =>
  value === undefined ? '-' : `+${typeof value === 'string' ? value : value.toString('latin1')}`;
