import type { Env } from '@lingquan/config';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { getJson, postJson } from '../json.ts';
import type { System } from '../system.ts';

const webhook = z.object({
  id: z.string(),
  owner: z.string(),
  url: z.string(),
  types: z.array(z.string()).nullable(),
  campaign: z.string().nullable(),
  description: z.string().nullable(),
  state: z.string(),
  createdAt: z.string(),
  previousSecretUntil: z.string().nullable(),
  pending: z.number(),
  retrying: z.number(),
  behind: z.number(),
});
/** A webhook as claim-log shows it. */
export type Webhook = z.output<typeof webhook>;

const withSecret = webhook.extend({ secret: z.string() });
export type WebhookWithSecret = z.output<typeof withSecret>;

const delivery = z.object({
  id: z.number(),
  eventId: z.string(),
  type: z.string(),
  time: z.string(),
  state: z.string(),
  attempts: z.number(),
  createdAt: z.string(),
  lastTryAt: z.string().nullable(),
  nextTryAt: z.string().nullable(),
  answerStatus: z.number().nullable(),
  error: z.string().nullable(),
  durationMs: z.number().nullable(),
});
/** One line of a webhook's log. */
export type Delivery = z.output<typeof delivery>;

const ping = z.object({
  delivered: z.boolean(),
  answerStatus: z.number().nullable(),
  error: z.string().nullable(),
  durationMs: z.number(),
});

export type WebhookWanted = {
  url: string;
  types?: string[] | undefined;
  campaign?: string | undefined;
  description?: string | undefined;
  from?: string | undefined;
};

/** Longer than a receiver may take. */
const PING_MS = 70_000;

/** What CLAIM_LOG_TOKEN shows to a claim-log that asks for tokens; nothing where it does not. */
export const readerHeaders = (env: Env): Record<string, string> =>
  env['CLAIM_LOG_TOKEN'] ? { authorization: `Bearer ${env['CLAIM_LOG_TOKEN']}` } : {};

/** claim-log's webhooks over HTTP. Calls reject with `not_found` when there is no such webhook, `unauthorized` when it wants a token. */
export function webhookClient({ claimLogUrl }: System, env: Env) {
  const headers = readerHeaders(env);
  const url = (id: string, rest = '') => `${claimLogUrl}/webhooks/${encodeURIComponent(id)}${rest}`;
  const send = <S extends z.ZodType>(
    to: string,
    schema: S,
    more: { method?: 'PATCH' | 'DELETE'; body?: unknown; timeoutMs?: number } = {},
  ) => postJson('claim-log', to, schema, { ...more, headers });
  const get = async <S extends z.ZodType>(from: string, schema: S): Promise<z.output<S>> => {
    const found = await getJson('claim-log', from, schema, headers);
    if (found !== undefined) return found;
    throw new AppError('not_found', '没有这个 webhook there is no such webhook');
  };
  return {
    create: (wanted: WebhookWanted) => send(`${claimLogUrl}/webhooks`, withSecret, { body: wanted }),
    list: async (): Promise<Webhook[]> =>
      (await get(`${claimLogUrl}/webhooks`, z.object({ items: z.array(webhook) }))).items,
    show: (id: string) => get(url(id), webhook),
    pause: (id: string, paused: boolean) => send(url(id), webhook, { method: 'PATCH', body: { paused } }),
    remove: (id: string): Promise<unknown> => send(url(id), z.unknown(), { method: 'DELETE' }),
    rotate: (id: string, keepHours: number | undefined) =>
      send(url(id, '/rotate'), withSecret, { body: { ...(keepHours !== undefined && { keepHours }) } }),
    ping: (id: string) => send(url(id, '/ping'), ping, { timeoutMs: PING_MS }),
    resend: (id: string, from: string) => send(url(id, '/resend'), webhook, { body: { from } }),
    deliveries: (id: string, asked: { state?: string | undefined; cursor?: string | undefined; limit: number }) => {
      const { state, cursor, limit } = asked;
      const query = new URLSearchParams({ limit: String(limit), ...(state && { state }), ...(cursor && { cursor }) });
      return get(
        url(id, `/deliveries?${query.toString()}`),
        z.object({ items: z.array(delivery), next: z.string().nullable() }),
      );
    },
  };
}
