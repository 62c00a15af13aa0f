import type { IncomingMessage } from 'node:http';
import { AppError } from '@lingquan/errors';

/** A basket of 500 long lines. */
const BODY_MAX = 512 * 1024;

/** Reads a JSON body. Throws `invalid` on one that is too long or not JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_MAX) throw new AppError('invalid', `a body has at most ${BODY_MAX} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch (cause) {
    throw new AppError('invalid', 'the body is not JSON', { cause });
  }
}
