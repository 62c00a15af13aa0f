import type { KeyObject } from 'node:crypto';
import type { Role } from '../domain/mask.ts';
import type { ViewFor } from '../http/event-view.ts';
import type { EventRow } from '../store/pages.ts';
import type { WebhookRow } from '../store/webhooks.ts';
import { openSecret } from './secret.ts';
import type { Message } from './secret.ts';

/** An event as a message of Standard Webhooks: its type, when it happened, and what `GET /events` says of it. */
export function eventMessage(viewFor: ViewFor, role: Role, event: EventRow, atMs: number): Message {
  const data = viewFor(role)(event);
  return { id: data.id, atMs, body: JSON.stringify({ type: data.type, timestamp: data.time, data }) };
}

/** The secrets that sign for a webhook at this moment, the newest first. */
export function secretsOf(keys: readonly KeyObject[], webhook: WebhookRow, nowMs: number): string[] {
  const { id, secret, previous_secret: previous, previous_until: until } = webhook;
  const both = previous !== null && until !== null && until.getTime() > nowMs ? [secret, previous] : [secret];
  return both.map((sealed) => openSecret(keys, id, sealed));
}
