import { create, toBinary } from '@bufbuild/protobuf';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { SOURCE } from '../publish/follow.ts';
import type { Due } from '../store/due.ts';

/** The command that says the clock reached these coupons. Its id follows from them and their due times: two of it are one. */
export function fireTimers(due: readonly Due[], nowMs: number): OutgoingRecord {
  const inOrder = due.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const id = uuidOf('fire-timers', ...inOrder.flatMap(({ code, dueAtMs }) => [code, String(dueAtMs)]));
  const value = { codes: inOrder.map(({ code }) => code) };
  const command = create(CouponCommandSchema, { command: { case: 'fireTimers', value } });
  return {
    topic: topics.couponCommands.name,
    key: 'timers',
    value: Buffer.from(toBinary(CouponCommandSchema, command)),
    headers: toHeaders({ id, source: SOURCE, type: 'coupon.fire_timers', timeMs: nowMs }),
  };
}
