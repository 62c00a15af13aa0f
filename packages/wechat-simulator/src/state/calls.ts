import type { Feed } from './feed.ts';
import { createRing } from './ring.ts';

/** One call of a platform interface, with everything secret cut short. */
export interface CallRecord {
  readonly rid: string;
  /** ISO 8601, by the platform's clock. */
  readonly at: string;
  /** Undefined when the call did not say (or prove) whose it is. */
  readonly appid: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly errcode: number;
  /** WeChat Pay's error code. */
  readonly code?: string | undefined;
  readonly response: string;
  readonly ms: number;
  readonly clientIp: string;
  /** The kind of the fault that met it. */
  readonly fault?: string | undefined;
}

export interface Calls {
  add(call: CallRecord): void;
  /** Oldest first, the newest 1000. */
  list(): readonly CallRecord[];
  clear(): void;
}

export function createCalls(feed: Feed): Calls {
  const ring = createRing<CallRecord>(1000);
  return {
    add(call) {
      ring.add(call);
      feed.publish('call', call);
    },
    list: () => ring.list(),
    clear: () => ring.clear(),
  };
}

const secretNames = 'access_token|secret|appsecret|refresh_token|session_key|js_code|code|ticket';
const inQuery = new RegExp(`((?:^|[?&])(?:${secretNames})=)([^&]*)`, 'g');
const inJson = new RegExp(`("(?:${secretNames})"\\s*:\\s*")([^"]*)"`, 'g');

/** Six characters of a long secret tell two of them apart; of a short one nothing is shown. */
const cut = (secret: string): string => (secret.length < 13 ? '…' : `${secret.slice(0, 6)}…`);
const shownBytes = 8_000;

/** A query string with its secrets cut to six characters. */
export function maskQuery(query: string): string {
  return query.replace(inQuery, (_all, name: string, secret: string) => `${name}${cut(secret)}`);
}

/** A JSON text with its secrets cut to six characters; long texts are cut, and what is not text is only named. */
export function maskBody(body: Buffer, contentType: string): string {
  if (/^(image|audio|video)|multipart/.test(contentType))
    return `[${contentType.split(';')[0] ?? ''}, ${body.length} bytes]`;
  const text = body.toString('utf8');
  const masked = text.replace(inJson, (_all, name: string, secret: string) => `${name}${cut(secret)}"`);
  return masked.length > shownBytes ? `${masked.slice(0, shownBytes)}…` : masked;
}
