import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '@lingquan/errors';
import { decodeRecords } from './decode.ts';
import { startDigest } from './digest.ts';
import { readBody } from './frame.ts';
import { inflate } from './inflate.ts';
import type { Done, Meta, PartitionSummary, Recorded } from './recorded.ts';
import { scan, summarize } from './scan.ts';
import type { Block, BlockHead } from './scan.ts';

/** Which blocks to read: what is left out sets no bound. Records at the edges of a block are not cut off. */
export type Wanted = {
  topics?: readonly string[];
  partition?: number;
  /** Blocks whose records are all before this offset are left out. */
  fromOffset?: number;
  /** Only blocks with a record written at or after `fromMs`, and before `toMs`. */
  fromMs?: number | undefined;
  toMs?: number | undefined;
};

export type Recording = {
  path: string;
  meta: Meta;
  /** Undefined while it is being made, or when it was cut off: what there is can be read all the same. */
  done: Done | undefined;
  records: number;
  /** What there is of each partition, sorted by topic, then partition. */
  partitions: PartitionSummary[];
  /**
   * Batches of records of one partition in offset order; partitions take turns as they did when it was made. The next block is
   * read meanwhile. Rejects with `invalid` on a block whose checksum is wrong.
   */
  read: (wanted?: Wanted) => AsyncGenerator<Recorded[], void>;
  /** The digest over all that is there, read through once; `onBlock` tells how many records were read. Throws `invalid` when a finished one says another. */
  digest: (onBlock?: (records: number) => void) => Promise<string>;
  close: () => Promise<void>;
  [Symbol.asyncDispose]: () => Promise<void>;
};

/** Opens a recording, finished or not. Throws `invalid` when the file is none. */
export async function openRecording(path: string): Promise<Recording> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('invalid', `不能读取 cannot read ${path}`, { cause });
  });
  try {
    const { meta, blocks, done } = await scan(file, path);
    const partitions = summarize(blocks.map(({ head }) => head));
    return {
      path,
      meta,
      done,
      partitions,
      records: partitions.reduce((sum, { count }) => sum + count, 0),
      read: (wanted = {}) => read(file, path, blocks.filter(isWanted(wanted))),
      digest: async (onBlock) => {
        const digest = startDigest();
        for await (const { head, body } of bodies(file, path, blocks)) {
          digest.take(head, body);
          onBlock?.(head.count);
        }
        const found = digest.result().digest;
        if (done !== undefined && done.digest !== found)
          throw new AppError('invalid', `${path} 摘要不符 does not have the digest it says`);
        return found;
      },
      close: () => file.close(),
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

const isWanted =
  ({ topics, partition, fromOffset = 0, fromMs = -Infinity, toMs = Infinity }: Wanted) =>
  ({ head }: Block): boolean =>
    (topics === undefined || topics.includes(head.topic)) &&
    (partition === undefined || head.partition === partition) &&
    head.lastOffset >= fromOffset &&
    head.lastMs >= fromMs &&
    head.firstMs < toMs;

async function* read(file: FileHandle, path: string, blocks: Block[]): AsyncGenerator<Recorded[], void> {
  for await (const { head, body } of bodies(file, path, blocks))
    yield decodeRecords(body, head.topic, head.partition, head.count);
}

/** The blocks' records, uncompressed, each read while the one before is looked at. */
async function* bodies(
  file: FileHandle,
  path: string,
  blocks: Block[],
): AsyncGenerator<{ head: BlockHead; body: Buffer }, void> {
  const load = async ({ head, frame }: Block) => {
    const body = await readBody(file, frame);
    if (body === undefined)
      throw new AppError(
        'invalid',
        `${path} 已损坏 is damaged at byte ${frame.bodyAt} (${head.topic}[${head.partition}]@${head.firstOffset})`,
      );
    return { head, body: await inflate(body, head.size) };
  };
  let coming: ReturnType<typeof load> | undefined;
  try {
    for (const [place, block] of blocks.entries()) {
      const loaded = await (coming ?? load(block));
      const following = blocks[place + 1];
      coming = following && load(following);
      coming?.catch(() => undefined); // awaited in its turn
      yield loaded;
    }
  } finally {
    await coming?.catch(() => undefined); // the file may be closed after this
  }
}
