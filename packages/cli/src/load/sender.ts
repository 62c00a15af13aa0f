import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { HttpAnswer } from './answers.ts';
import type { PushRequest } from './pushes.ts';

/** No answer to a request: `timeout` after 5 s (WeChat's own patience), else `connection`. */
export type NoAnswer = 'timeout' | 'connection';

export type Sender = {
  /** Sends one push; `done` is called once. */
  send: (request: PushRequest, done: (answer: HttpAnswer | NoAnswer) => void) => void;
  close: () => Promise<void>;
};

const patienceMs = 5000;
const headers = { 'content-type': 'text/xml' };
const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * A pool of keep-alive connections to ingress, one request at a time on each, as WeChat's servers use them. Callbacks instead
 * of promises and streams: the load must not cost what it measures.
 */
export function openSender(url: string, connections: number): Sender {
  const pool = new Pool(url, {
    connections,
    pipelining: 1,
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    connectTimeout: patienceMs,
  });
  return {
    send: ({ path, body }, done) => {
      pool.dispatch({ method: 'POST', path, headers, body }, handlerOf(done));
    },
    close: () => pool.destroy(),
  };
}

function handlerOf(done: (answer: HttpAnswer | NoAnswer) => void): Dispatcher.DispatchHandler {
  let status = 0;
  let body = '';
  return {
    onRequestStart: () => {},
    onResponseStart: (_controller, statusCode) => void (status = statusCode),
    onResponseData: (_controller, chunk) => void (body += chunk.toString()), // replies come whole, in one chunk
    onResponseEnd: () => done({ status, body }),
    onResponseError: (_controller, error) =>
      done(timeouts.has((error as NodeJS.ErrnoException).code ?? '') ? 'timeout' : 'connection'),
  };
}
