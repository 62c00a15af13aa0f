import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isPublic, literalOf } from './address.ts';
import type { Answer } from './verdict.ts';

export type Post = {
  /** Never rejects. A 2xx counts as soon as its head is there; redirects are not followed, bodies not kept. */
  send: (url: string, headers: Record<string, string>, body: string, signal?: AbortSignal) => Promise<Answer>;
  close: () => Promise<void>;
};

const REFUSED = 'ADDRESS_REFUSED';
const BODY_BYTES_MAX = 16 * 1024;

/** The door to receivers. Without `allowPrivate` it connects to public addresses alone, whatever a name stands for at that moment. */
export function openPost({ timeoutMs, allowPrivate }: { timeoutMs: number; allowPrivate: boolean }): Post {
  const agent = new Agent({
    connect: allowPrivate ? { timeout: timeoutMs } : publicOnly(timeoutMs),
    maxResponseSize: BODY_BYTES_MAX,
    keepAliveTimeout: 4000, // shorter than servers keep idle connections
  });
  return {
    send: async (url, headers, body, signal) => {
      const limits = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
      const { origin, pathname, search } = new URL(url);
      try {
        const answer = await agent.request({
          origin,
          path: pathname + search,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'Lingquan-Webhooks/1', ...headers },
          body,
          signal: AbortSignal.any(limits),
        });
        // Only so that the connection can be used again: what the body holds, or that it breaks off, says nothing.
        answer.body.dump({ limit: BODY_BYTES_MAX }).catch(() => undefined);
        return { status: answer.statusCode, retryAfterMs: retryAfterMs(answer.headers['retry-after']) };
      } catch (error) {
        return { error: nameOf(error) };
      }
    },
    close: () => agent.destroy(),
  };
}

const retryAfterMs = (header: string | string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;

/** Connects as undici does, after looking at the address itself: the one the connection is then made to. */
function publicOnly(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: publicLookup });
  return (options, callback) => {
    const literal = literalOf(options.hostname);
    if (literal !== undefined && !isPublic(literal)) callback(refused(), null);
    else connect(options, callback);
  };
}

const refused = () => Object.assign(new Error('leads into an inner network'), { code: REFUSED });

/** As dns.lookup; a name with one inner address among others is refused whole. */
const publicLookup: LookupFunction = (hostname, options, callback) =>
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const first = addresses[0];
    if (first === undefined || !addresses.every(({ address }) => isPublic(address))) return callback(refused(), '', 0);
    if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });

/** What the delivery log says: the error's code, never its message, which may hold the address. */
function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === 'TimeoutError') return 'TIMEOUT';
  return typeof code === 'string' ? code : String(name);
}
