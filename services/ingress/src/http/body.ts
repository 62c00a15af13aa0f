import type { IncomingMessage } from 'node:http';

/** Why a body did not arrive: too many bytes, too slow, or the client went away. */
export type BodyRefusal = 'too big' | 'too slow' | 'gone';

/** Bytes a push may have; real ones have a few thousand. */
export const BODY_MAX = 128 * 1024;
const BODY_LITTLE = 8 * 1024;
const BODY_MS = 2000;
/** How long what is still coming of a refused body is thrown away, so that the client gets to read its answer. */
const DRAIN_MS = 1000;

/** Bytes of what is not a push: a notice of WeChat Pay, an order. Real ones have a few thousand. */
export const SMALL_BODY_MAX = 64 * 1024;

/** Whether Content-Length announces more than `max`, without more what a push may have: known before anything is read. */
export const announcesTooMuch = (request: IncomingMessage, max = BODY_MAX): boolean =>
  Number(request.headers['content-length'] ?? 0) > max;

/** Whether the body is announced and as small as nearly all are: reading it costs less than asking who sent it. */
export const announcesLittle = (request: IncomingMessage): boolean =>
  Number(request.headers['content-length'] ?? Infinity) <= BODY_LITTLE;

/** Reads the raw body, at most `max` bytes within BODY_MS. Never rejects. */
export function readBody(request: IncomingMessage, max = BODY_MAX): Promise<Buffer | BodyRefusal> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (result: Buffer | BodyRefusal) => {
      clearTimeout(timer);
      request.off('data', take).off('end', finish).off('close', gone);
      resolve(result);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > max) settle('too big');
    };
    const finish = () => settle(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    const gone = () => settle('gone');
    const timer = setTimeout(settle, BODY_MS, 'too slow');
    request.on('data', take).on('end', finish).on('close', gone);
  });
}

/** Lets go of a request whose body is not wanted: the rest is thrown away for a moment, then the connection closed. */
export function drain(request: IncomingMessage): void {
  if (request.readableEnded) return;
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), DRAIN_MS);
  timer.unref();
  const done = () => clearTimeout(timer);
  request.once('end', done).once('close', done);
}
