import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '@lingquan/errors';

/** A recording's first line; the number is the format's version. */
export const MAGIC = Buffer.from('lingquan-recording 1\n');

const FIXED = 16;
const HEAD_MAX = 16 * 1024 * 1024;

export type Tag = 'META' | 'RECS' | 'DONE';
const tags = new Set<string>(['META', 'RECS', 'DONE'] satisfies Tag[]);

/** Where a frame stands and what its head says; the body is read when asked for. */
export type Frame = {
  tag: Tag;
  head: unknown;
  headBytes: Buffer;
  bodyAt: number;
  bodyLength: number;
  crc: number;
  end: number;
};

/** The bytes of a frame: see README. */
export function frameBytes(tag: Tag, head: object, body: Buffer = Buffer.alloc(0)): Buffer[] {
  const headBytes = Buffer.from(JSON.stringify(head));
  const fixed = Buffer.alloc(FIXED);
  fixed.write(tag, 0, 'latin1');
  fixed.writeUInt32LE(headBytes.length, 4);
  fixed.writeUInt32LE(body.length, 8);
  fixed.writeUInt32LE(crc32(body, crc32(headBytes)), 12);
  return [fixed, headBytes, body];
}

/** Reads the head of the frame at `at`; undefined when no whole frame stands there: the end, or what a kill left. */
export async function readFrame(file: FileHandle, at: number, size: number): Promise<Frame | undefined> {
  if (at + FIXED > size) return undefined;
  // One read takes in the head of most frames.
  const start = await readAt(file, at, Math.min(FIXED + 512, size - at));
  const tag = start.toString('latin1', 0, 4);
  const headLength = start.readUInt32LE(4);
  const bodyLength = start.readUInt32LE(8);
  const bodyAt = at + FIXED + headLength;
  const end = bodyAt + bodyLength;
  if (!tags.has(tag) || headLength > HEAD_MAX || end > size) return undefined;
  const headBytes =
    FIXED + headLength <= start.length
      ? start.subarray(FIXED, FIXED + headLength)
      : await readAt(file, at + FIXED, headLength);
  const head = parsed(headBytes);
  if (head === undefined) return undefined;
  return { tag: tag as Tag, head, headBytes, bodyAt, bodyLength, crc: start.readUInt32LE(12), end };
}

/** Reads a frame's body; undefined when the checksum says that it, or the head, is not what was written. */
export async function readBody(file: FileHandle, frame: Frame): Promise<Buffer | undefined> {
  const body = await readAt(file, frame.bodyAt, frame.bodyLength);
  return crc32(body, crc32(frame.headBytes)) === frame.crc ? body : undefined;
}

/** Throws `invalid` when the file is no recording of this version. */
export async function checkMagic(file: FileHandle, path: string): Promise<void> {
  const { buffer, bytesRead } = await file
    .read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0)
    .catch((cause: unknown) => {
      throw new AppError('invalid', `不能读取 cannot read ${path}`, { cause }); // a directory
    });
  if (bytesRead === MAGIC.length && buffer.equals(MAGIC)) return;
  throw new AppError('invalid', `${path} 不是录制文件 is no recording of this version (lingquan record makes one)`);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) throw new AppError('invalid', 'the recording became shorter while it was read');
    read += bytesRead;
  }
  return buffer;
}

function parsed(head: Buffer): unknown {
  try {
    return JSON.parse(head.toString());
  } catch {
    return undefined; // torn
  }
}
