import type { Context } from 'koa';
import { AppError } from '@lingquan/errors';

/** Uploads may have 10 MB (video); everything else is far smaller. */
const bytesMax = 12 * 1024 * 1024;

/** The request's bytes, unparsed. Throws `invalid` beyond 12 MB. */
export async function readBody(ctx: Context): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bytesMax) throw new AppError('invalid', 'The body is larger than 12 MB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
