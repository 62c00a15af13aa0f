import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Refusal } from './api/refusal.ts';
import { announcesTooMuch, readBody, SMALL_BODY_MAX } from './body.ts';

/** The JSON of a request's body; an empty one is an empty object. Throws a Refusal for anything else, quoting nothing. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (announcesTooMuch(request, SMALL_BODY_MAX)) throw new Refusal('body_too_big');
  const body = await readBody(request, SMALL_BODY_MAX);
  if (body === 'too big') throw new Refusal('body_too_big');
  if (typeof body === 'string' || !isUtf8(body)) throw new Refusal('invalid');
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new Refusal('invalid');
  }
}
