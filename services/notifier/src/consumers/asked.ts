import { create, toBinary } from '@bufbuild/protobuf';
import { AppError } from '@lingquan/errors';
import { decode, envelopeOf, isUuid, topics } from '@lingquan/events';
import { CouponEventSchema, Tell } from '@lingquan/events/coupon.ts';
import type { CouponEvent } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { NotifierCommandSchema } from '@lingquan/events/gen/lingquan/notifier/v1/commands_pb.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import type { Asked } from '../domain/delivery.ts';
import { tellOf } from './tell.ts';

/** Who is to be told because of this record, or undefined when nobody is. Throws `invalid` for what cannot be read. */
export function askedBy(record: IncomingRecord): Asked | undefined {
  return record.topic === topics.couponEvents.name ? askedByEvent(record) : askedByCommand(record);
}

function askedByCommand({ headers, value }: IncomingRecord): Asked {
  const { command } = decode(NotifierCommandSchema, value);
  if (command.case !== 'tellOutcome') throw new AppError('invalid', 'this is no command the notifier knows');
  return checked(headers, command.value, undefined);
}

/** A mini program's push takes no reply: its claims are told here, with the outcome they carry. */
function askedByEvent({ headers, value }: IncomingRecord): Asked | undefined {
  if (value === null || readTell(value) !== Tell.CUSTOMER_SERVICE) return undefined;
  const event = decode(CouponEventSchema, value);
  const outcome = outcomeOf(event);
  return outcome && checked(headers, event, outcome);
}

function readTell(value: Uint8Array): Tell {
  try {
    return tellOf(value);
  } catch (cause) {
    throw new AppError('invalid', 'these bytes are no coupon event', { cause });
  }
}

function outcomeOf({ causeId, event }: CouponEvent): Uint8Array | undefined {
  if (event.case === 'couponClaimed')
    return toBinary(ReplySchema, create(ReplySchema, { causeId, outcome: { case: 'claimed', value: event.value } }));
  if (event.case === 'couponClaimRefused')
    return toBinary(ReplySchema, create(ReplySchema, { causeId, outcome: { case: 'refused', value: event.value } }));
  return undefined; // campaign facts are nobody's
}

function checked(
  headers: IncomingRecord['headers'],
  { causeId, appid, openid }: Pick<Asked, 'causeId' | 'appid' | 'openid'>,
  outcome: Uint8Array | undefined,
): Asked {
  if (!isUuid(causeId)) throw new AppError('invalid', 'the cause id is no UUID');
  if (appid === '' || openid === '') throw new AppError('invalid', 'it does not say who is to be told');
  const { timeMs, traceparent } = envelopeOf(headers);
  return { causeId, appid, openid, askedAtMs: timeMs, outcome, traceparent };
}
