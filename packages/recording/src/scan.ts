import type { FileHandle } from 'node:fs/promises';
import { AppError } from '@lingquan/errors';
import { MAGIC, checkMagic, readFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Done, Meta, PartitionSummary } from './recorded.ts';

/** The head of a block of records. */
export type BlockHead = PartitionSummary & {
  /** Bytes before compression. */
  size: number;
};

export type Block = { head: BlockHead; frame: Frame };

/** What a file holds, by the heads of its frames alone. */
export type Scan = {
  meta: Meta;
  /** Where the first block begins. */
  begin: number;
  blocks: Block[];
  /** Undefined while recording goes on, or when it was cut off. */
  done: Done | undefined;
};

/** Reads the heads of all frames. Throws `invalid` when the file is no recording. */
export async function scan(file: FileHandle, path: string): Promise<Scan> {
  await checkMagic(file, path);
  const { size } = await file.stat();
  const first = await readFrame(file, MAGIC.length, size);
  if (first?.tag !== 'META')
    throw new AppError('invalid', `${path} 刚开始就中断了，请删除重录 was cut off at its very beginning: remove it`);
  const blocks: Block[] = [];
  let done: Done | undefined;
  let end = first.end;
  while (done === undefined) {
    const frame = await readFrame(file, end, size);
    if (frame === undefined) break;
    if (frame.tag === 'DONE') done = frame.head as Done;
    else {
      blocks.push({ head: frame.head as BlockHead, frame });
      end = frame.end;
    }
  }
  return { meta: first.head as Meta, begin: first.end, blocks, done };
}

/** What the blocks hold of each partition, sorted by topic, then partition. */
export function summarize(blocks: Iterable<BlockHead>): PartitionSummary[] {
  const byPartition = new Map<string, PartitionSummary>();
  for (const { topic, partition, count, firstOffset, lastOffset, firstMs, lastMs } of blocks) {
    const key = `${topic}/${partition}`;
    const one = byPartition.get(key);
    if (one === undefined) byPartition.set(key, { topic, partition, count, firstOffset, lastOffset, firstMs, lastMs });
    else {
      one.count += count;
      one.lastOffset = lastOffset;
      one.firstMs = Math.min(one.firstMs, firstMs);
      one.lastMs = Math.max(one.lastMs, lastMs);
    }
  }
  return [...byPartition.values()].toSorted(byPlace);
}

export const byPlace = (a: { topic: string; partition: number }, b: { topic: string; partition: number }): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
