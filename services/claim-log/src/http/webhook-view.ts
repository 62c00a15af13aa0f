import type { Mask, Role } from '../domain/mask.ts';
import type { DeliveryRow } from '../store/deliveries.ts';
import type { WebhookOverview } from '../store/webhooks.ts';
import { requireMask } from './event-view.ts';

/** A webhook as JSON, without its secrets. `behind`: what was written and has no deliveries yet, whether it wants it or not. */
export const webhookView = (row: WebhookOverview, end: number) => ({
  id: row.id,
  owner: row.owner,
  url: row.url,
  types: row.types,
  campaign: row.campaign_id,
  description: row.description,
  state: row.state,
  createdAt: row.created_at.toISOString(),
  previousSecretUntil:
    row.previous_until !== null && row.previous_until.getTime() > Date.now() ? row.previous_until.toISOString() : null,
  pending: Number(row.pending),
  retrying: Number(row.retrying),
  behind: Math.max(0, end - Number(row.next_number)),
});

/** A line of a webhook's log; `eventId` as its messages have it. */
export const deliveryView = (row: DeliveryRow, role: Role, mask: Mask | undefined) => ({
  id: Number(row.id),
  eventId: role === 'personal' ? row.event_id : requireMask(mask).id(row.event_id),
  type: row.type,
  time: row.occurred_at.toISOString(),
  state: row.state,
  attempts: row.attempts,
  createdAt: row.created_at.toISOString(),
  lastTryAt: row.last_at?.toISOString() ?? null,
  nextTryAt: row.state === 'pending' ? row.due_at.toISOString() : null,
  answerStatus: row.answer_status,
  error: row.error,
  durationMs: row.duration_ms,
});
