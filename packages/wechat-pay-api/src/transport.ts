import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { failed } from './outcome.ts';
import type { PayFailure } from './outcome.ts';

export type HttpRequest = {
  method: 'GET' | 'POST';
  /** Path and query exactly as they go over the wire. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** '' for none. */
  body: string;
};

/** An answer with its raw bytes: signatures are over these. */
export type HttpAnswer = {
  kind: 'answered';
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
};

export type Transport = {
  /** Never rejects. A request that did not leave is told from one without an answer. */
  send: (origin: string, request: HttpRequest) => Promise<HttpAnswer | PayFailure>;
  close: () => Promise<void>;
};

export type TransportOptions = {
  /** From the request to the end of its answer, connecting included. */
  timeoutMs: number;
  answerBytesMax: number;
  /** The merchant's key pair, for addresses that demand it, and whom to trust there. */
  tls?: { key: string; cert: string; ca: string | undefined };
};

/** Shorter than the whole, so that a platform that cannot be reached is told apart from one that does not answer. */
const CONNECT_MS = 2000;

/** One door to the platform: time-outs, a cap on answers, no redirects. */
export function openTransport({ timeoutMs, answerBytesMax, tls }: TransportOptions): Transport {
  const { ca, ...pair } = tls ?? {};
  const agent = new Agent({
    connect: { timeout: Math.min(CONNECT_MS, timeoutMs / 2), ...pair, ...(ca === undefined ? {} : { ca }) },
    maxResponseSize: answerBytesMax,
    // Shorter than servers keep idle connections: a request written to one that is just being closed would be uncertain.
    keepAliveTimeout: 4000,
  });
  return {
    send: async (origin, { method, path, headers, body }) => {
      let left = false;
      try {
        const answer = await agent.compose(noticing(() => (left = true))).request({
          origin,
          method,
          path,
          headers,
          body: body === '' ? null : body,
          signal: AbortSignal.timeout(timeoutMs),
        });
        const bytes = Buffer.from(await answer.body.arrayBuffer());
        return { kind: 'answered', status: answer.statusCode, headers: answer.headers, body: bytes };
      } catch (error) {
        // With TLS 1.3 a certificate of ours that is refused shows only as a broken connection after we began: uncertain as well.
        return failed(left ? 'uncertain' : 'not_sent', nameOf(error));
      }
    },
    close: () => agent.destroy(),
  };
}

/** The error's code or name, not its message. A DOMException's code is a number. */
const nameOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === 'TimeoutError') return 'timeout';
  return typeof code === 'string' ? code : String(name);
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
