import { withoutIllegal } from './fields.ts';

/**
 * What an answer of api.weixin.qq.com means for the caller (reference sections 0 and 14):
 *
 * - `token_invalid`: take the newest token, refresh it once if it is the one that failed, and repeat once.
 * - `busy`: back off, a few tries. `quota_minute`: wait a minute. `quota_daily`: wait for the next day (UTC+8).
 * - `user_unreachable`: final for this message; 45047 ends with the user's next action. `user_refused`: no consent, or none left.
 * - `config`: nothing will work until a person changes something in the console; raise an alarm.
 * - `permanent`: this request will never succeed: a bug in it, or its subject is gone.
 * - `transport`: no answer of WeChat's; repeat only what may happen twice.
 */
export type ApiOutcome =
  | 'ok'
  | 'token_invalid'
  | 'busy'
  | 'quota_minute'
  | 'quota_daily'
  | 'user_unreachable'
  | 'user_refused'
  | 'config'
  | 'permanent'
  | 'transport';

export interface ApiResponse {
  kind: ApiOutcome;
  /** 0 when the answer has none. */
  errcode: number;
  /** For logs: may hold our own address (40164). Branch on errcode only. */
  errmsg: string;
  /** WeChat's id of the request, when errmsg carries one; it can be looked up for 7 days. */
  rid: string | undefined;
  /** The answer's members; empty for an image. msgid is text, and so is every integer beyond 2^53. */
  json: Readonly<Record<string, unknown>>;
  isImage: boolean;
}

/** Classifies an answer. HTTP status and Content-Type say little: errors come with 200 and, for images, as image/jpeg. */
export function classify(answer: { status: number; contentType: string; body: Buffer }): ApiResponse {
  const { status, contentType, body } = answer;
  if (status >= 500) return outcome('transport');
  if (body[0] !== openingBrace) {
    return isImage(body) || isMedia(contentType) ? { ...outcome('ok'), isImage: true } : outcome('transport');
  }
  const json = parseApiJson(body.toString());
  return json ? classifyJson(json) : outcome('transport');
}

const openingBrace = 0x7b;

function classifyJson(json: Record<string, unknown>): ApiResponse {
  const errcode = typeof json['errcode'] === 'number' ? json['errcode'] : 0;
  const errmsg = typeof json['errmsg'] === 'string' ? json['errmsg'] : '';
  const rid = /\brid: ([0-9a-zA-Z-]{1,64})/.exec(errmsg)?.[1];
  return { kind: outcomeOf(errcode), errcode, errmsg, rid, json, isImage: false };
}

/** What an errcode means; anything not in the table is a fault of the request. */
export function outcomeOf(errcode: number): ApiOutcome {
  return outcomes.get(errcode) ?? 'permanent';
}

const outcomes = new Map<number, ApiOutcome>([
  [0, 'ok'],
  [-1, 'busy'],
  [40001, 'token_invalid'],
  [40014, 'token_invalid'],
  [42001, 'token_invalid'],
  [43108, 'busy'], // another send to the same user is under way
  [45009, 'quota_daily'],
  [45011, 'quota_minute'],
  [40003, 'user_unreachable'],
  [43004, 'user_unreachable'],
  [45015, 'user_unreachable'],
  [45047, 'user_unreachable'],
  [70000, 'user_unreachable'],
  [43101, 'user_refused'],
  [48002, 'user_refused'],
  ...[40013, 40125, 40164, 40243, 43107, 48001, 48004, 50001, 50002, 50004, 50007, 61007, 89503, 89506, 89507].map(
    (code): [number, ApiOutcome] => [code, 'config'],
  ),
]);

/** Names sometimes hold control characters that JSON forbids: one odd nickname must not spoil a batch (reference 0.4). */
function parseApiJson(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(withoutIllegal(text), keepDigits as Reviver) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

type Reviver = (name: string, value: unknown) => unknown;

function keepDigits(name: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return /^msg_?id$/i.test(name) || (Number.isInteger(value) && !Number.isSafeInteger(value)) ? source : value;
}

function isImage(body: Buffer): boolean {
  return imageStarts.some((start) => body.subarray(0, start.length).equals(start));
}

const imageStarts = [Buffer.from([0xff, 0xd8, 0xff]), Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.from('GIF8')];

function isMedia(contentType: string): boolean {
  return /^(?:image|audio|video)\//i.test(contentType);
}

function outcome(kind: ApiOutcome): ApiResponse {
  return { kind, errcode: 0, errmsg: '', rid: undefined, json: {}, isImage: false };
}
