import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENTRY_BYTES, readEntry, writeEntry } from './entry.ts';
import type { Entry } from './entry.ts';

const BUCKETS = 256;
const BUFFER_ENTRIES = 256;

/**
 * Entries of one side, in files by the first byte of their id, so that a comparison holds one 256th of both sides in memory, however many
 * there are.
 */
export type Buckets = { add: (entry: Entry) => void; read: (bucket: number) => Entry[]; [Symbol.dispose]: () => void };

export const bucketCount = BUCKETS;

export function openBuckets(): Buckets {
  const dir = mkdtempSync(join(tmpdir(), 'lingquan-compare-'));
  const buckets = Array.from({ length: BUCKETS }, (_, n) => ({
    file: openSync(join(dir, String(n)), 'a'),
    bytes: Buffer.alloc(BUFFER_ENTRIES * ENTRY_BYTES),
    at: 0,
  }));
  const flush = (bucket: (typeof buckets)[number]) => {
    writeSync(bucket.file, bucket.bytes, 0, bucket.at);
    bucket.at = 0;
  };
  return {
    add: (entry) => {
      const bucket = buckets[Number.parseInt(entry.id.slice(0, 2), 16)]!;
      writeEntry(bucket.bytes, bucket.at, entry);
      bucket.at += ENTRY_BYTES;
      if (bucket.at === bucket.bytes.length) flush(bucket);
    },
    read: (n) => {
      flush(buckets[n]!);
      const bytes = readFileSync(join(dir, String(n)));
      return Array.from({ length: bytes.length / ENTRY_BYTES }, (_, place) => readEntry(bytes, place * ENTRY_BYTES));
    },
    [Symbol.dispose]: () => {
      for (const { file } of buckets) closeSync(file);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
