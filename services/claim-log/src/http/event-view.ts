import { AppError } from '@lingquan/errors';
import type { Mask, Role } from '../domain/mask.ts';
import type { EventRow } from '../store/pages.ts';

export type EventView = ReturnType<typeof personalView>;

/** An event as JSON, as a reader of this role may see it. */
export type ViewFor = (role: Role) => (row: EventRow) => EventView;

/** Without a mask nothing can be masked: `masked` readers then get `unavailable` with what to do. */
export const eventViews =
  (mask: Mask | undefined): ViewFor =>
  (role) => {
    if (role === 'personal') return personalView;
    const { follower, id } = requireMask(mask);
    return (row) => {
      // A trace id follows from the event's cause as its id does, so it is left out.
      const { traceparent: _, ...view } = personalView(row);
      return {
        ...view,
        id: id(row.id),
        openid: row.openid === null ? null : follower(row.openid),
        causeId: row.cause_id === null ? null : id(row.cause_id),
      };
    };
  };

export function requireMask(mask: Mask | undefined): Mask {
  if (mask !== undefined) return mask;
  throw new AppError('unavailable', 'CLAIM_LOG_MASK_KEY is not set, so followers cannot be masked (.env.example)');
}

const personalView = (row: EventRow) => ({
  id: row.id,
  type: row.type,
  time: row.occurred_at.toISOString(),
  openid: row.openid,
  campaignId: row.campaign_id,
  code: row.code,
  outTradeNo: row.out_trade_no,
  appid: row.appid,
  ...(row.reason === null ? {} : { reason: row.reason }),
  causeId: row.cause_id,
  source: row.source,
  ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  kafka: { topic: row.kafka_topic, partition: row.kafka_partition, offset: Number(row.kafka_offset) },
});
