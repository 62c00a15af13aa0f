import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { AppError } from '@lingquan/errors';

const decompress = promisify(zstdDecompress);

/** A block's records, uncompressed; `size` is what its head says, and more is refused before it is unpacked. */
export async function inflate(body: Buffer, size: number): Promise<Buffer> {
  // One piece: by default it comes in pieces of 16 KiB, and a turn of events for each.
  const bytes = await decompress(body, { maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size) });
  if (bytes.length !== size) throw new AppError('invalid', 'a block is not as long as its head says');
  return bytes;
}
