import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { AppError } from '@lingquan/errors';
import { startDigest } from './digest.ts';
import { recordBuffer } from './encode.ts';
import type { RecordBuffer } from './encode.ts';
import { MAGIC, frameBytes, readBody } from './frame.ts';
import { inflate } from './inflate.ts';
import type { Done, Meta, Recorded } from './recorded.ts';
import { scan } from './scan.ts';
import type { BlockHead } from './scan.ts';

/** Bytes of records a partition gathers before they become a block. */
const BLOCK_BYTES = 512 * 1024;
/** Blocks under way to the file; more make the caller wait. */
const BLOCKS_MAX = 4;

/** A record to write; its timestamp is taken as it is. Without an offset it gets the one behind the last of its partition, the first 0. */
export type Recordable = Omit<Recorded, 'key' | 'offset'> & { key: Buffer | string | null; offset?: number };

export type Writer = {
  meta: Meta;
  /** The offset behind the last one written of a partition, also by whoever wrote before a resumption; undefined when there is none. */
  next: (topic: string, partition: number) => number | undefined;
  /** Adds records, of each partition in offset order. Await it: that is the only bound on memory. Throws `conflict` on an offset that is not behind the last. */
  append: (records: readonly Recordable[]) => Promise<void>;
  /** Writes out everything given so far and returns the file's length: a place `resumeRecording` can go back to. */
  flush: () => Promise<number>;
  /** Ends the recording with its index and digest. */
  finish: () => Promise<Done>;
  /** Closes the file as it is: it can be read, and resumed. */
  close: () => Promise<void>;
};

type Open = { buffer: RecordBuffer; head: BlockHead | undefined; next: number | undefined };

const compress = promisify(zstdCompress);

/** Begins a recording in a file that must not be there yet; only its owner can read it, since openids are in it. */
export async function createRecording(path: string, meta: Omit<Meta, 'startedAt'>): Promise<Writer> {
  const file = await open(path, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw new AppError('conflict', `${path} 已存在 is there already`, { cause });
    throw new AppError('invalid', `不能写入 cannot write ${path}`, { cause });
  });
  const whole: Meta = { startedAt: new Date().toISOString(), ...meta };
  const start = Buffer.concat([MAGIC, ...frameBytes('META', whole)]);
  await file.write(start, 0, start.length, 0);
  return writer(file, whole, start.length, startDigest(), new Map());
}

/**
 * Goes on with a recording that was cut off: what a kill tore is removed, the rest is read once for the digest. `length` goes
 * back to a place that `flush` returned. Throws `conflict` when it is finished, unless `length` says to go back.
 */
export async function resumeRecording(path: string, length?: number): Promise<Writer> {
  const file = await open(path, 'r+');
  try {
    const { meta, begin, blocks, done } = await scan(file, path);
    if (done !== undefined && length === undefined) throw new AppError('conflict', `${path} 已录完 is finished`);
    const digest = startDigest();
    const next = new Map<string, number>();
    let end = begin;
    for (const { head, frame } of blocks) {
      if (length !== undefined && frame.end > length) break;
      const body = await readBody(file, frame);
      if (body === undefined) break; // torn: a kill came between the pages of one write
      digest.take(head, await inflate(body, head.size));
      next.set(`${head.topic}/${head.partition}`, head.lastOffset + 1);
      end = frame.end;
    }
    await file.truncate(end);
    return writer(file, meta, end, digest, next);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function writer(
  file: FileHandle,
  meta: Meta,
  start: number,
  digest: ReturnType<typeof startDigest>,
  next: Map<string, number>,
): Writer {
  /** By topic, then partition. */
  const topics = new Map<string, Open[]>();
  let end = start;
  let underWay = 0;
  /** Blocks are compressed side by side and written one after the other. */
  let written = Promise.resolve();

  const openOf = (topic: string, partition: number): Open => {
    let partitions = topics.get(topic);
    if (partitions === undefined) topics.set(topic, (partitions = []));
    return (partitions[partition] ??= {
      buffer: recordBuffer(),
      head: undefined,
      next: next.get(`${topic}/${partition}`),
    });
  };

  async function write(frame: Buffer[]): Promise<void> {
    const bytes = Buffer.concat(frame);
    await file.write(bytes, 0, bytes.length, end);
    end += bytes.length;
  }

  /** Ends the block a partition gathers. Resolves, like those before it, once it is in the file. */
  function cut(one: Open): void {
    const { head } = one;
    if (head === undefined) return;
    one.head = undefined;
    const body = one.buffer.take();
    head.size = body.length;
    digest.take(head, body);
    underWay++;
    const compressed = compress(body, {
      chunkSize: BLOCK_BYTES, // what comes of it fits into one piece
      params: { [constants.ZSTD_c_compressionLevel]: 1 },
    });
    compressed.catch(() => undefined); // seen below
    const before = written;
    written = (async () => {
      await before;
      await write(frameBytes('RECS', head, await compressed));
      underWay--;
    })();
    written.catch(() => undefined); // whoever appends, flushes or finishes next sees it
  }

  function add(record: Recordable): void {
    const { topic, partition, timestampMs } = record;
    const one = openOf(topic, partition);
    const offset = record.offset ?? one.next ?? 0;
    if (one.next !== undefined && offset < one.next)
      throw new AppError('conflict', `${topic}[${partition}]@${offset} comes after offset ${one.next - 1}`);
    one.next = offset + 1;
    const head = (one.head ??= {
      topic,
      partition,
      count: 0,
      firstOffset: offset,
      lastOffset: offset,
      firstMs: timestampMs,
      lastMs: timestampMs,
      size: 0,
    });
    head.count++;
    head.lastOffset = offset;
    if (timestampMs < head.firstMs) head.firstMs = timestampMs;
    if (timestampMs > head.lastMs) head.lastMs = timestampMs;
    one.buffer.append(record, offset);
    if (one.buffer.length >= BLOCK_BYTES) cut(one);
  }

  async function flush(): Promise<number> {
    for (const partitions of topics.values()) for (const one of Object.values(partitions)) cut(one);
    await written;
    return end;
  }

  return {
    meta,
    next: (topic, partition) => openOf(topic, partition).next,
    append: async (records) => {
      for (const record of records) add(record);
      if (underWay >= BLOCKS_MAX) await written;
    },
    flush,
    finish: async () => {
      await flush();
      const done: Done = { finishedAt: new Date().toISOString(), ...digest.result() };
      await write(frameBytes('DONE', done));
      await file.sync();
      await file.close();
      return done;
    },
    close: async () => {
      await flush();
      await file.close();
    },
  };
}
