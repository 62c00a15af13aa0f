import { create, toBinary } from '@bufbuild/protobuf';
import { outcomeId, toHeaders, topics } from '@lingquan/events';
import {
  GiveUpReason,
  MessageDeliveredSchema,
  MessageGivenUpSchema,
  NotifierEventSchema,
} from '@lingquan/events/gen/lingquan/notifier/v1/events_pb.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { Asked, Ending, Reason } from '../domain/delivery.ts';

const SOURCE = 'notifier';

const reasons: Record<Reason, GiveUpReason> = {
  unreachable: GiveUpReason.UNREACHABLE,
  uncertain: GiveUpReason.UNCERTAIN,
  rejected: GiveUpReason.REJECTED,
  expired: GiveUpReason.EXPIRED,
  nothing_due: GiveUpReason.NOTHING_DUE,
};

/** Whose delivery ended, and after how many calls. */
export type Ended = Pick<Asked, 'causeId' | 'appid' | 'openid' | 'traceparent'> & { attempts: number };

/** The fact that a delivery ended, for `notifier.events`. One per push: its id is that of the ending. */
export function factOf({ causeId, appid, openid, traceparent, attempts }: Ended, ending: Ending): OutgoingRecord {
  const type = ending.kind === 'delivered' ? 'message.delivered' : 'message.given_up';
  const event =
    ending.kind === 'delivered'
      ? ({ case: 'messageDelivered', value: create(MessageDeliveredSchema, { attempts }) } as const)
      : ({
          case: 'messageGivenUp',
          value: create(MessageGivenUpSchema, { reason: reasons[ending.reason], errcode: ending.errcode }),
        } as const);
  return {
    topic: topics.notifierEvents.name,
    key: openid,
    value: Buffer.from(toBinary(NotifierEventSchema, create(NotifierEventSchema, { causeId, appid, openid, event }))),
    headers: toHeaders({ id: outcomeId(causeId, type), source: SOURCE, type, timeMs: Date.now(), traceparent }),
  };
}
