import { isUuid } from '@lingquan/events';
import { z } from 'zod';
import { INSTANT, text } from './query.ts';
import { startAt } from './stream-query.ts';

const types = z.array(text.min(1)).min(1).max(50);
const terms = {
  url: z.string().max(2000),
  types: types.nullable().optional(),
  campaign: text.min(1).nullable().optional(),
  description: z.string().max(500).nullable().optional(),
};

/** `POST /webhooks`. */
export const newWebhook = z.strictObject({ ...terms, from: startAt.default('now') });

/** `PATCH /webhooks/{id}`: what is absent stays. */
export const webhookChange = z.strictObject({ ...terms, url: terms.url.optional(), paused: z.boolean().optional() });

/** `POST /webhooks/{id}/rotate`: how long the secret there was goes on signing. */
export const rotation = z.strictObject({ keepHours: z.number().min(0).max(168).default(24) }).prefault({});

/** `POST /webhooks/{id}/resend`: from an instant, or from the event that was sent under this webhook-id. */
export const resending = z.strictObject({
  from: z.union(
    [
      z
        .string()
        .refine(isUuid)
        .transform((messageId) => ({ messageId })),
      startAt,
    ],
    { error: `must be a webhook-id, beginning, now or ${INSTANT}` },
  ),
});

const wholeText = (max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= 1 && value <= max, `must be 1 to ${max}`);

/** The query of `GET /webhooks/{id}/deliveries`. */
export const deliveryQuery = z.strictObject({
  state: z.enum(['pending', 'delivered', 'failed']).optional(),
  cursor: wholeText(Number.MAX_SAFE_INTEGER).optional(),
  limit: wholeText(500).default(100),
});
