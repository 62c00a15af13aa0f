import type { IncomingMessage } from 'node:http';
import { AppError } from '@lingquan/errors';

const BODY_MAX = 32 * 1024;

/**
 * The JSON of a request, undefined when it has no body. Throws `invalid`, also without `application/json`: a form of a page elsewhere
 * is then no request of ours.
 */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_MAX) chunks.push(chunk); // what is too much is read and dropped, so that the answer is heard
  }
  if (length > BODY_MAX) throw new AppError('invalid', `the body is larger than ${BODY_MAX} bytes`);
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new AppError('invalid', 'Content-Type must be application/json');
  if (length === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new AppError('invalid', 'the body is not JSON');
  }
}
