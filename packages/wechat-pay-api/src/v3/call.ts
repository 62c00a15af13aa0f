import { randomBytes } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import type { Merchant } from '@lingquan/merchant';
import { authorization, parseObject, signatureHeaders, textIn, verifyMessage } from '@lingquan/wechat-pay';
import type { Json, Operation, Verdict } from '@lingquan/wechat-pay';
import type { Tried } from '../attempts.ts';
import { judge } from '../judge.ts';
import { failed, ok } from '../outcome.ts';
import type { HttpAnswer, Transport } from '../transport.ts';
import type { PlatformKeys } from './platform-keys.ts';

export type V3Request = {
  operation: Operation;
  method: 'GET' | 'POST';
  /** Path and query, percent-encoded. */
  path: string;
  /** Serialised once: these characters are signed and sent. '' for GET. */
  body?: string;
  /** What must not show in a log although the platform's message might repeat it. */
  secrets?: readonly string[];
};

export type V3Deps = { merchant: Merchant; transport: Transport; now: () => number };

/** One signed request, its answer not yet believed. Every try has a new time, nonce and signature (reference B.2). */
export function sendSigned(
  { merchant, transport, now }: V3Deps,
  origin: string,
  { method, path, body = '' }: V3Request,
) {
  const timestamp = Math.floor(now() / 1000);
  const nonce = randomBytes(16).toString('hex');
  const header = authorization(merchant, { method, url: path, timestamp, nonce, body });
  return transport.send(origin, {
    method,
    path,
    body,
    headers: {
      authorization: header,
      accept: 'application/json',
      'user-agent': 'lingquan',
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      // Asks for answers signed with the public key; notices may still be signed with a certificate (reference B.4).
      ...(merchant.publicKey === undefined ? {} : { 'wechatpay-serial': merchant.publicKey.id }),
    },
  });
}

/** One try of a call: signed, its answer verified over the raw bytes before it is believed (reference B.3). */
export async function callV3(
  deps: V3Deps & { keys: PlatformKeys },
  origin: string,
  request: V3Request,
): Promise<Tried<Json>> {
  const answer = await sendSigned(deps, origin, request);
  if (answer.kind === 'failed') return { outcome: answer, again: true };
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const signed = signatureHeaders(answer.headers) !== undefined;
  // Errors may come unsigned, and then decide nothing (reference B.1); a signature that is there must be right.
  if (isSuccess || signed) {
    const verdict = await verify(deps, answer);
    if (!verdict.ok) return { outcome: failed('uncertain', verdict.reason), again: true };
  }
  return understand(answer, signed, request);
}

/** An unknown serial may be a new certificate: the keys look for it, not more often than they should. */
async function verify({ keys, now }: { keys: PlatformKeys; now: () => number }, answer: HttpAnswer): Promise<Verdict> {
  const check = () => verifyMessage(keys.ring, answer.headers, answer.body, Math.floor(now() / 1000));
  const verdict = check();
  if (verdict.ok || verdict.reason !== 'unknown_serial') return verdict;
  await keys.lookForNew();
  return check();
}

function understand(
  { status, headers, body }: HttpAnswer,
  signed: boolean,
  { operation, secrets = [] }: V3Request,
): Tried<Json> {
  if (status === 204) return { outcome: ok({}), again: false };
  const json = objectOf(body);
  if (status === 200) {
    // Signed, yet not an object: nothing that could be read.
    return json === undefined
      ? { outcome: failed('uncertain', 'bad_body'), again: true }
      : { outcome: ok(json), again: false };
  }
  const code = json === undefined ? '' : textIn(json, 'code');
  const message = json === undefined ? '' : textIn(json, 'message');
  // The platform's support asks for it; its tail is a sub-code (reference B.1, B.13).
  const requestId = String(headers['request-id'] ?? '').slice(0, 100);
  const detail = `${scrub(message, secrets)}${requestId === '' ? '' : ` (Request-ID ${requestId})`}`;
  return judge({ api: 'v3', operation, httpStatus: status, code, signed }, detail);
}

function objectOf(body: Buffer): Json | undefined {
  try {
    return parseObject(body.toString('utf8'));
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** A message of the platform without what must not show, and not too long. */
export const scrub = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '…')), text).slice(0, 200);
