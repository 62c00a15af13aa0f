import { Pool } from 'undici';

/** An answer; `status` 0 when none came. `body` is undefined when it is no JSON. */
export type Answered = { status: number; body: unknown; text: string };

export type Client = {
  send: (method: 'GET' | 'POST' | 'DELETE', path: string, options?: Sent) => Promise<Answered>;
  close: () => Promise<void>;
};

type Sent = { json?: unknown; text?: string; headers?: Record<string, string> };

/** Longer than ingress waits for an outcome. */
const patienceMs = 10_000;

/** Keep-alive connections to one address. Never rejects: who loads a system that is being killed must tell no answer from a bad one. */
export function openClient(url: string, connections: number): Client {
  const pool = new Pool(url, {
    connections,
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    connectTimeout: patienceMs,
  });
  return {
    send: async (method, path, { json, text, headers = {} } = {}) => {
      const body = json === undefined ? text : JSON.stringify(json);
      const type = json === undefined ? 'text/xml' : 'application/json';
      try {
        const answer = await pool.request({
          method,
          path,
          headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
          ...(body !== undefined && { body }),
        });
        const got = await answer.body.text();
        return { status: answer.statusCode, body: parsed(got), text: got };
      } catch {
        return { status: 0, body: undefined, text: '' };
      }
    },
    close: () => pool.destroy(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the same request should be sent again: nobody answered, too many came at once, or something behind it is away. */
export const isPassing = ({ status }: Answered): boolean => status === 0 || status === 429 || status >= 500;
