import { AppError } from '@lingquan/errors';
import { isUuid } from './ids.ts';

/** What every record carries beside its value, after CloudEvents' Kafka binding in binary mode. */
export type Envelope = {
  /** Deterministic: see ids.ts. */
  id: string;
  /** The service that says it. */
  source: string;
  /** Such as `coupon.claimed`. */
  type: string;
  /** When it happened, milliseconds since 1970 UTC. */
  timeMs: number;
  /** W3C trace context of the push this began with. */
  traceparent?: string | undefined;
};

/** Where ingress waits for an outcome, and until when. Travels with a push and comes back with its outcome. */
export type ReplyAddress = { instance: string; partition: number; deadlineMs: number };

export type Headers = Record<string, Buffer | string>;
/** Headers as a Kafka client hands them out. */
export type ReceivedHeaders = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A trace context as W3C writes it (version 00), or undefined. */
export const asTraceparent = (text: string | undefined): string | undefined =>
  text !== undefined && TRACEPARENT.test(text) ? text : undefined;

/** Records of a batch mostly share their time. */
let lastTime = { ms: 0, iso: new Date(0).toISOString() };

function isoOf(ms: number): string {
  if (lastTime.ms !== ms) lastTime = { ms, iso: new Date(ms).toISOString() };
  return lastTime.iso;
}

export function toHeaders(envelope: Envelope, reply?: ReplyAddress): Headers {
  const headers: Headers = {
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_source: envelope.source,
    ce_type: envelope.type,
    ce_time: isoOf(envelope.timeMs),
    'content-type': 'application/protobuf',
  };
  if (envelope.traceparent !== undefined) headers['traceparent'] = envelope.traceparent;
  if (reply !== undefined) headers['reply-to'] = `${reply.instance};${reply.partition};${reply.deadlineMs}`;
  return headers;
}

const textOf = (headers: ReceivedHeaders, name: string): string | undefined => {
  const value = headers[name];
  return value === undefined || Array.isArray(value) ? undefined : value.toString();
};

/** Records of a batch mostly share it when read, too. */
let lastRead = { text: '', ms: Number.NaN };

function timeOf(text: string): number {
  if (lastRead.text !== text) lastRead = { text, ms: Date.parse(text) };
  return lastRead.ms;
}

/** Throws `invalid` when a header that every record needs is missing or not what it should be. */
export function envelopeOf(headers: ReceivedHeaders): Envelope {
  const id = textOf(headers, 'ce_id');
  const type = textOf(headers, 'ce_type');
  const timeMs = timeOf(textOf(headers, 'ce_time') ?? '');
  if (id === undefined || !isUuid(id)) throw new AppError('invalid', 'ce_id is missing or not a UUID');
  if (type === undefined || type === '') throw new AppError('invalid', 'ce_type is missing');
  if (Number.isNaN(timeMs)) throw new AppError('invalid', 'ce_time is missing or not an ISO 8601 instant');
  return {
    id,
    type,
    timeMs,
    source: textOf(headers, 'ce_source') ?? '',
    traceparent: asTraceparent(textOf(headers, 'traceparent')),
  };
}

/** Where the outcome should go, or undefined when nobody waits (or the header is not ours: `instance;partition;deadlineMs`). */
export function replyAddressOf(headers: ReceivedHeaders): ReplyAddress | undefined {
  const text = textOf(headers, 'reply-to');
  if (text === undefined) return undefined;
  const first = text.indexOf(';');
  const second = text.indexOf(';', first + 1);
  if (first <= 0 || second === -1) return undefined;
  const partition = digitsIn(text, first + 1, second, 9);
  const deadlineMs = digitsIn(text, second + 1, text.length, 15);
  if (partition < 0 || deadlineMs < 0) return undefined;
  return { instance: text.slice(0, first), partition, deadlineMs };
}

/** The number that all signs between say, at most `max` digits; -1 when they are anything else. Every record of a push has two. */
function digitsIn(text: string, from: number, to: number, max: number): number {
  if (to === from || to - from > max) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
