import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** The longest bill taken: about half a million lines. */
export const billBytesMax = 256 * 1024 * 1024;

const unzip = promisify(gunzip);

/** The bill's text as bytes, whether it came packed or not; undefined when it is packed and broken, or too long. */
export async function unpacked(file: Buffer): Promise<Buffer | undefined> {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  return unzip(file, { maxOutputLength: billBytesMax }).catch(() => undefined);
}
