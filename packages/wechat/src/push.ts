import { isUtf8 } from 'node:buffer';
import { AppError } from '@lingquan/errors';
import type { Account, PushFormat, Query } from './account.ts';
import { decodeAesKey, open } from './crypto.ts';
import { textOf, type Fields } from './fields.ts';
import { parseJson } from './json.ts';
import { checkQuery, parameter } from './query.ts';
import { signatureMatches } from './signature.ts';
import { parseXml } from './xml.ts';

/** Bytes; real pushes have a few kB. Refuse bigger bodies before reading them, too. */
export const pushBodyMax = 256 * 1024;

/** WeChat repeats a push for about 20 s and names no window of its own; clocks differ (reference 2.2). */
export const maxAgeSecondsDefault = 600;

export interface PushRequest {
  query: Query;
  /** As it came, before anybody parsed it. */
  body: Buffer;
  /** Unix seconds. */
  now: number;
  /** How far `timestamp` may be from `now`, either way; 600 when left away, 0 turns the check off. */
  maxAgeSeconds?: number | undefined;
}

export interface OpenedPush {
  fields: Fields;
  /** The AES key that opened it, to seal the reply with; undefined in plaintext mode. */
  key: Buffer | undefined;
  encrypted: boolean;
  format: PushFormat;
}

/**
 * Verifies, decrypts and parses one POST of WeChat's (reference section 2). Each check is cheaper than the next, and nothing
 * of the body is parsed before the plain signature, which only holders of the token can make, is right.
 *
 * In safe and compatible mode only what is encrypted counts: the plain signature does not cover the body, so clear fields beside
 * it, or a push without `encrypt_type=aes`, could be anybody's.
 * @throws AppError `unauthorized`: signature, timestamp, mode or appid is wrong; `invalid`: it cannot be opened or is no message.
 *   The messages hold nothing of the request.
 */
export function openPush(account: Account, request: PushRequest): OpenedPush {
  const signed = signedQuery(account, request);
  const encrypted = isEncrypted(account, request.query);
  if (request.body.length > pushBodyMax) throw new AppError('invalid', 'The body is too big for a push');
  if (!isUtf8(request.body)) throw new AppError('invalid', 'The body is not UTF-8');
  const parse = account.format === 'json' ? parseJson : parseXml;
  const outer = parse(request.body.toString());
  if (!encrypted) return { fields: checkMessage(outer), key: undefined, encrypted, format: account.format };
  const { key, message } = openEnvelope(account, signed, outer);
  return { fields: checkMessage(parse(message)), key, encrypted, format: account.format };
}

interface SignedQuery {
  timestamp: string;
  nonce: string;
  msgSignature: string;
}

function signedQuery(account: Account, { query, now, maxAgeSeconds }: PushRequest): SignedQuery {
  checkQuery(query);
  const signature = parameter(query, 'signature');
  const timestamp = parameter(query, 'timestamp');
  const nonce = parameter(query, 'nonce');
  const msgSignature = parameter(query, 'msg_signature');
  checkFresh(timestamp, now, maxAgeSeconds ?? maxAgeSecondsDefault);
  if (!signatureMatches(signature, [account.token, timestamp, nonce])) refuseSignature();
  return { timestamp, nonce, msgSignature };
}

function checkFresh(timestamp: string, now: number, maxAgeSeconds: number): void {
  if (maxAgeSeconds === 0) return;
  const isSeconds = /^[0-9]{1,12}$/.test(timestamp);
  if (isSeconds && Math.abs(now - Number(timestamp)) <= maxAgeSeconds) return;
  throw new AppError('unauthorized', 'The timestamp is too far from now: is the clock right?');
}

/** Whether the push is encrypted; refuses one that is not in the account's mode (a downgrade, or a wrong setting). */
function isEncrypted(account: Account, query: Query): boolean {
  const type = parameter(query, 'encrypt_type');
  const encrypted = type === 'aes';
  if (!encrypted && type !== '' && type !== 'raw') refuseMode();
  if (encrypted === (account.mode === 'plaintext')) refuseMode();
  return encrypted;
}

function openEnvelope(account: Account, signed: SignedQuery, outer: Fields): { key: Buffer; message: string } {
  const encrypt = textOf(outer, 'Encrypt') ?? refuseMode();
  if (!signatureMatches(signed.msgSignature, [account.token, signed.timestamp, signed.nonce, encrypt]))
    refuseSignature();
  const key = currentKey(account);
  try {
    return { key, message: open(key, account.appid, encrypt) };
  } catch (error) {
    return openWithPreviousKey(account, encrypt) ?? rethrow(error);
  }
}

/** For a while after the key was changed in the console, pushes sealed with the one before still come (reference 2.5). */
function openWithPreviousKey(account: Account, encrypt: string): { key: Buffer; message: string } | undefined {
  if (!account.previousEncodingAESKey) return undefined;
  try {
    const key = decodeAesKey(account.previousEncodingAESKey);
    return { key, message: open(key, account.appid, encrypt) };
  } catch {
    return undefined; // the refusal by the current key says more
  }
}

function currentKey(account: Account): Buffer {
  if (!account.encodingAESKey) throw new AppError('internal', `Account ${account.appid} has no EncodingAESKey`);
  return decodeAesKey(account.encodingAESKey);
}

/** Characters; names the platform gives have under 40. What is taken here is kept and looked up by these, in every service. */
const nameMax = 128;

/** What every push has (reference section 3); without it there is nobody to answer. */
function checkMessage(fields: Fields): Fields {
  for (const name of ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType']) {
    const text = textOf(fields, name);
    if (!text) throw new AppError('invalid', `Not a message: ${name} is missing`);
    if (text.length > nameMax) throw new AppError('invalid', `Not a message: ${name} is too long`);
  }
  return fields;
}

function rethrow(error: unknown): never {
  throw error;
}

function refuseSignature(): never {
  throw new AppError('unauthorized', 'The signature does not match: is the token the one in the console?');
}

function refuseMode(): never {
  throw new AppError('unauthorized', "The push is not in the account's mode: is it the one in the console?");
}
