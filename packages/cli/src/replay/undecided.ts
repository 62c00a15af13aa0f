import { decode, topics } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { PaymentNotificationSchema } from '@lingquan/events/payment.ts';
import type { Recorded, Recording } from '@lingquan/recording';
import type { Source } from '../compare/source.ts';
import type { ReplayReport } from './issuer-program.ts';
import { inputTopics } from './select.ts';

/** Ids of pushes and commands. */
export type Causes = ReadonlySet<string>;

/**
 * What was recorded and has no turn in the recorded journal, which ends earlier: what came of it is no part of the replay. A push that
 * WeChat repeated may be among them though its first time was decided: leave it out on both sides.
 */
export async function undecidedCauses(
  recording: Recording,
  { undecided, decidedUpTo }: Pick<ReplayReport, 'undecided' | 'decidedUpTo'>,
): Promise<Causes> {
  const causes = new Set<string>();
  if (undecided === 0) return causes;
  for (const { topic, partition } of recording.partitions) {
    if (!inputTopics.includes(topic)) continue;
    const fromOffset = decidedUpTo.find((one) => one.topic === topic && one.partition === partition)?.offset ?? 0;
    for await (const batch of recording.read({ topics: [topic], partition, fromOffset }))
      for (const { offset, headers } of batch) if (offset >= fromOffset) causes.add(String(headers['ce_id']));
  }
  return causes;
}

/** A source without what came of `causes`, and how many records that were. */
export function without(source: Source, causes: Causes): { source: Source; leftOut: () => number } {
  let leftOut = 0;
  if (causes.size === 0) return { source, leftOut: () => 0 };
  return {
    leftOut: () => leftOut,
    source: {
      ...source,
      read: (names, take) =>
        source.read(names, (records) => {
          const kept = records.filter((record) => !causes.has(causeOf(record) ?? ''));
          leftOut += records.length - kept.length;
          take(kept);
        }),
    },
  };
}

/** The id of what a record came of; undefined when it cannot be read, or came of nothing. */
function causeOf({ topic, value, headers }: Recorded): string | undefined {
  try {
    switch (topic) {
      case topics.wechatInbound.name:
        return undefined; // itself the cause
      case topics.couponEvents.name:
        return decode(CouponEventSchema, value).causeId;
      case topics.ingressReplies.name:
        return decode(ReplySchema, value).causeId;
      case topics.paymentNotifications.name: {
        const { notification } = decode(PaymentNotificationSchema, value);
        return notification.case === 'coupon' ? notification.value.causeId : undefined;
      }
      default:
        return String(headers['ce_id']); // dead letters keep the headers of what they were
    }
  } catch {
    return undefined; // the comparison shows it
  }
}

export const leftOutText = (leftOut: number): string =>
  leftOut === 0
    ? ''
    : `录制到的结果里有 ${leftOut} 条出自未判定的，未比较 what came of the undecided, ${leftOut} records, is left out\n`;
