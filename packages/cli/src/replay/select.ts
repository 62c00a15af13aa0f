import { decode, topics } from '@lingquan/events';
import { CouponCommandSchema, CouponEventSchema } from '@lingquan/events/coupon.ts';
import { InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { Recorded, Recording } from '@lingquan/recording';

/** What of a recording is to be sent again. What is left out sets no bound. */
export type Filters = {
  topics?: readonly string[] | undefined;
  campaignId?: string | undefined;
  openid?: string | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
};

/** What the issuer is told from outside; everything else follows from it. */
export const inputTopics: readonly string[] = [topics.wechatInbound.name, topics.couponCommands.name];

/**
 * Which records pass. Pushes and commands belong to a campaign when a recorded event of it came of them; commands on campaigns pass
 * a follower's filter, or there would be nothing to claim.
 */
export async function selecting(recording: Recording, filters: Filters): Promise<(record: Recorded) => boolean> {
  const { openid, campaignId, fromMs = -Infinity, toMs = Infinity } = filters;
  const causes = campaignId === undefined ? undefined : await causesOf(recording, campaignId);
  return (record) =>
    (filters.topics === undefined || filters.topics.includes(record.topic)) &&
    record.timestampMs >= fromMs &&
    record.timestampMs < toMs &&
    (causes === undefined || causes.has(String(record.headers['ce_id']))) &&
    (openid === undefined || isAbout(record, openid));
}

async function causesOf(recording: Recording, campaignId: string): Promise<Set<string>> {
  const causes = new Set<string>();
  for await (const batch of recording.read({ topics: [topics.couponEvents.name] }))
    for (const { value } of batch) {
      const event = decode(CouponEventSchema, value);
      if (event.campaignId === campaignId) causes.add(event.causeId);
    }
  return causes;
}

function isAbout({ topic, key, value }: Recorded, openid: string): boolean {
  try {
    if (topic === topics.wechatInbound.name) return decode(InboundPushSchema, value).openid === openid;
    const { command } = decode(CouponCommandSchema, value);
    return (command.case !== undefined && 'campaignId' in command.value) || String(key) === openid;
  } catch {
    return false; // what cannot be read is about nobody
  }
}
