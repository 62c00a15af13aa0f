import { randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { isUuid } from '@lingquan/events';
import type { Context, Middleware } from 'koa';
import type { Access } from '../access/access.ts';
import type { Reader } from '../access/readers.ts';
import type { Mask } from '../domain/mask.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { LogOrder } from '../store/log-order.ts';
import type { WebhookOverview, WebhookStore, WebhookTerms } from '../store/webhooks.ts';
import { numberOf } from '../stream/read.ts';
import { checkUrl } from '../webhooks/address.ts';
import { secretsOf } from '../webhooks/message.ts';
import type { Post } from '../webhooks/post.ts';
import { newSecret, sealSecret, signedHeaders } from '../webhooks/secret.ts';
import { requireMask } from './event-view.ts';
import { jsonBody } from './json-body.ts';
import { checked, once } from './query.ts';
import { deliveryQuery, newWebhook, resending, rotation, webhookChange } from './webhook-body.ts';
import { deliveryView, webhookView } from './webhook-view.ts';

export type WebhookRoutesOptions = {
  access: Access;
  webhooks: WebhookStore;
  deliveries: DeliveryStore;
  order: LogOrder;
  post: Post;
  mask: Mask | undefined;
  /** The newest first. */
  keys: readonly KeyObject[];
  allowPrivate: boolean;
  countMax: number;
  /** Something changed: there may be something to send. */
  onChanged: () => void;
};

const HOUR_MS = 3_600_000;

/**
 * Webhooks, for readers that may have them; each sees his own, and those whose owner is gone:
 * - `POST /webhooks` { url, types?, campaign?, description?, from? }: with its secret, this once
 * - `GET /webhooks`, `GET`, `PATCH` ({ paused, url, … }) and `DELETE /webhooks/{id}`
 * - `POST /webhooks/{id}/rotate` { keepHours? }: a new secret; `/ping`: one message now; `/resend` { from }: again from there
 * - `GET /webhooks/{id}/deliveries?state=&cursor=&limit=`: the log, the newest first
 */
export function webhookRoutes(options: WebhookRoutesOptions): Middleware {
  const { access, webhooks, deliveries, order, post, mask, keys, allowPrivate, countMax, onChanged } = options;
  const router = new Router();

  const managerOf = (ctx: Context): Reader => {
    const reader = access.manager(ctx);
    if (keys[0] === undefined)
      throw new AppError('unavailable', 'WEBHOOK_KEY is not set, so there are no webhooks (.env.example)');
    if (reader.role === 'masked') requireMask(mask);
    return reader;
  };
  /** Throws `not_found` when it is another's. One without an owner may be looked at and deleted. */
  const found = async (
    ctx: Context,
    id: string | undefined,
    alsoOrphans = false,
  ): Promise<{ reader: Reader; row: WebhookOverview }> => {
    const reader = managerOf(ctx);
    const row = id !== undefined && isUuid(id) ? await webhooks.find(id) : undefined;
    const orphan = row !== undefined && !access.owners().includes(row.owner);
    if (row === undefined || (row.owner !== reader.name && !(alsoOrphans && orphan)))
      throw new AppError('not_found', 'there is no such webhook');
    return { reader, row };
  };
  const show = async (id: string) => webhookView((await webhooks.find(id))!, await order.end());

  router.post('/webhooks', async (ctx) => {
    const reader = managerOf(ctx);
    const {
      url,
      types = null,
      campaign = null,
      description = null,
      from,
    } = checked(newWebhook, await jsonBody(ctx.req));
    const terms: WebhookTerms = { url: checkUrl(url, allowPrivate), types, campaignId: campaign, description };
    const id = randomUUID();
    const secret = newSecret();
    const number = await numberOf(from, order);
    await webhooks.create(id, reader.name, terms, { secret: sealSecret(keys[0]!, id, secret), number, countMax });
    onChanged();
    ctx.status = 201;
    ctx.body = { ...(await show(id)), secret };
  });
  router.get('/webhooks', async (ctx) => {
    const { name } = managerOf(ctx);
    const end = await order.end();
    ctx.body = { items: (await webhooks.list(name, access.owners())).map((row) => webhookView(row, end)) };
  });
  router.get('/webhooks/:id', async (ctx) => {
    const { row } = await found(ctx, ctx.params['id'], true);
    ctx.body = webhookView(row, await order.end());
  });
  router.patch('/webhooks/:id', async (ctx) => {
    const { row } = await found(ctx, ctx.params['id']);
    const { url, types, campaign, description, paused } = checked(webhookChange, await jsonBody(ctx.req));
    const terms: WebhookTerms = {
      url: url === undefined ? row.url : checkUrl(url, allowPrivate),
      types: types === undefined ? row.types : types,
      campaignId: campaign === undefined ? row.campaign_id : campaign,
      description: description === undefined ? row.description : description,
    };
    await webhooks.change(row.id, terms, paused === undefined ? row.state : paused ? 'paused' : 'active');
    onChanged();
    ctx.body = await show(row.id);
  });
  router.delete('/webhooks/:id', async (ctx) => {
    const { row } = await found(ctx, ctx.params['id'], true);
    await webhooks.remove(row.id);
    ctx.status = 204;
  });
  router.post('/webhooks/:id/rotate', async (ctx) => {
    const { row } = await found(ctx, ctx.params['id']);
    const { keepHours } = checked(rotation, await jsonBody(ctx.req));
    const secret = newSecret();
    await webhooks.rotate(row.id, sealSecret(keys[0]!, row.id, secret), keepHours * HOUR_MS);
    ctx.body = { ...(await show(row.id)), secret };
  });
  router.post('/webhooks/:id/ping', async (ctx) => {
    const { row } = await found(ctx, ctx.params['id']);
    await jsonBody(ctx.req);
    const atMs = Date.now();
    const data = { webhookId: row.id };
    const body = JSON.stringify({ type: 'webhook.ping', timestamp: new Date(atMs).toISOString(), data });
    const headers = signedHeaders({ id: randomUUID(), atMs, body }, secretsOf(keys, row, atMs));
    const answer = await post.send(row.url, headers, body);
    ctx.body = {
      delivered: 'status' in answer && answer.status >= 200 && answer.status < 300,
      answerStatus: 'status' in answer ? answer.status : null,
      error: 'error' in answer ? answer.error : null,
      durationMs: Date.now() - atMs,
    };
  });
  router.post('/webhooks/:id/resend', async (ctx) => {
    const { row } = await found(ctx, ctx.params['id']);
    const { from } = checked(resending, await jsonBody(ctx.req));
    const isMessage = typeof from === 'object' && 'messageId' in from;
    const number = isMessage ? await deliveries.numberOfMessage(row.id, from.messageId) : await numberOf(from, order);
    if (number === undefined)
      throw new AppError('not_found', 'from: no event was sent under this id to this webhook; give an instant');
    await webhooks.rewind(row.id, number);
    onChanged();
    ctx.body = await show(row.id);
  });
  router.get('/webhooks/:id/deliveries', async (ctx) => {
    const { reader, row } = await found(ctx, ctx.params['id']);
    const { state, cursor, limit } = checked(deliveryQuery, once(new URLSearchParams(ctx.querystring)));
    const rows = await deliveries.list(row.id, { state, before: cursor, limit: limit + 1 });
    const page = rows.slice(0, limit);
    ctx.body = {
      items: page.map((delivery) => deliveryView(delivery, reader.role, mask)),
      next: rows.length > limit ? page.at(-1)!.id : null,
    };
  });
  return router.routes() as unknown as Middleware;
}
