import { classify } from '@lingquan/wechat';
import { Agent, request as send } from 'undici';
import type { Dispatcher } from 'undici';
import { failed } from './outcome.ts';
import type { ApiOutcome } from './outcome.ts';

/** One request to an interface of the platform. */
export type ApiRequest = {
  method: 'GET' | 'POST';
  /** Below the base address, such as `/cgi-bin/getcallbackip`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Sent as JSON in real UTF-8: several interfaces refuse \u escapes. */
  body?: unknown;
  /** What must never show in a log although the platform's errmsg might repeat it. */
  secrets: readonly string[];
};

/** An answer's members; integers beyond 2^53 are text. */
export type Json = Readonly<Record<string, unknown>>;

export type Platform = {
  /** Never rejects. Whatever went wrong is an outcome, told apart by whether the request can have had an effect. */
  call: (request: ApiRequest) => Promise<ApiOutcome<Json>>;
  close: () => Promise<void>;
};

export type PlatformOptions = {
  /** `https://api.weixin.qq.com`, or what stands in for it; may have a path. */
  baseUrl: string;
  /** From the request to the end of its answer, connecting included. */
  timeoutMs?: number;
};

/** The platform answers within a second when it is well. */
const TIMEOUT_MS = 5000;
/** Shorter than the whole, so that a platform that cannot be reached is told apart from one that does not answer. */
const CONNECT_MS = 2000;
/** The longest answer used here is the list of callback addresses, a few KB. */
const ANSWER_BYTES_MAX = 256 * 1024;

/** The one door to the platform's interfaces: time-outs, a cap on answers, and no secrets in what comes out. */
export function openPlatform({ baseUrl, timeoutMs = TIMEOUT_MS }: PlatformOptions): Platform {
  const agent = new Agent({
    connect: { timeout: Math.min(CONNECT_MS, timeoutMs / 2) },
    maxResponseSize: ANSWER_BYTES_MAX,
    // Shorter than servers keep idle connections: a request written to one that is just being closed would be uncertain.
    keepAliveTimeout: 4000,
  });
  const base = baseUrl.replace(/\/+$/, '');

  async function call({ method, path, query = {}, body, secrets }: ApiRequest): Promise<ApiOutcome<Json>> {
    let left = false;
    try {
      const answer = await send(`${base}${path}${search(query)}`, {
        method,
        dispatcher: agent.compose(noticing(() => (left = true))),
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8' } }),
      });
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      return understand(answer.statusCode, String(answer.headers['content-type'] ?? ''), bytes, secrets);
    } catch (error) {
      return failed(left ? 'uncertain' : 'not_sent', nameOf(error));
    }
  }

  return { call, close: () => agent.destroy() };
}

const search = (query: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
};

/** undici tells a request's handler that it starts right before the first byte is written to a connection that stands. */
const noticing =
  (onStart: () => void): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => {
        onStart();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });

/** What an answer means. Public so that its rules can be tested without a server. */
export function understand(
  status: number,
  contentType: string,
  body: Buffer,
  secrets: readonly string[],
): ApiOutcome<Json> {
  // In front of the interfaces stand ordinary web servers: theirs is a refusal of the request as such.
  if (status === 408 || status === 429) return failed('busy', `HTTP ${status}`);
  if (status >= 300 && status < 500) return failed('config', `HTTP ${status}: is this the platform's address?`);
  const { kind, errcode, errmsg, json, isImage } = classify({ status, contentType, body });
  if (kind === 'transport' || isImage) return failed('uncertain', `HTTP ${status} without a JSON answer`);
  if (kind !== 'ok') return failed(kind, scrub(errmsg, secrets), errcode);
  return { kind: 'ok', value: json };
}

const scrub = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, '…'), text).slice(0, 300);

/** The error's code or name, not its message: some messages hold the address, and with it the token. */
const nameOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name); // a DOMException's code is a number
};
