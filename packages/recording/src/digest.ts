import { createHash, hash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { byPlace, summarize } from './scan.ts';
import type { BlockHead } from './scan.ts';
import type { Done } from './recorded.ts';

/** Digests a recording as it is written or read: the same records give the same digest, whatever blocks they come in. */
export function startDigest() {
  const hashes = new Map<string, Hash>();
  const heads: BlockHead[] = [];
  return {
    /** Blocks of one partition come in their order. */
    take(head: BlockHead, body: Buffer): void {
      const key = `${head.topic}/${head.partition}`;
      let one = hashes.get(key);
      if (one === undefined) hashes.set(key, (one = createHash('sha256')));
      one.update(body);
      heads.push(head);
    },
    result(): Pick<Done, 'records' | 'digest' | 'partitions'> {
      const partitions = summarize(heads)
        .map((one) => ({ ...one, digest: hashes.get(`${one.topic}/${one.partition}`)!.copy().digest('hex') }))
        .toSorted(byPlace);
      const lines = partitions.map(
        ({ topic, partition, count, digest }) => `${topic}[${partition}] ${count} ${digest}\n`,
      );
      return {
        records: partitions.reduce((sum, { count }) => sum + count, 0),
        digest: hash('sha256', lines.join('')),
        partitions,
      };
    },
  };
}
