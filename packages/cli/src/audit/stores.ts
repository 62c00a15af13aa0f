import { maskOpenid } from '@lingquan/log';
import { outcomeId } from '@lingquan/events';
import { startCheck } from './check.ts';
import { digestOf } from './event.ts';
import type { Digested } from './event.ts';
import { factText } from './ledger.ts';
import type { Fact, Ledger, LoggedFact } from './ledger.ts';
import type { LifeState } from './lives.ts';
import { placeOf, placeText } from './place.ts';

/** A line of claim-log. */
export type LogLine = Digested & { id: string; topic: string; partition: number; offset: number };

/** What a topic holds, by event id. */
export type TopicFacts = { topic: string; facts: ReadonlyMap<string, LoggedFact> };

/** The log beside the topics: every event once, and equal. */
export function startLogCheck(sources: readonly TopicFacts[]) {
  const check = startCheck('log', '日志齐全 every event is logged once, and equal');
  return {
    take(line: LogLine): void {
      check.looked();
      const { id, topic } = line;
      const fact = sources.find((source) => source.topic === topic)?.facts.get(id);
      if (fact === undefined) return check.found(`${id}: 日志有，topic 没有 logged, but not in the topic`);
      const inTopic = placeText(topic, fact.place);
      if (fact.logged) return check.found(`${id}: 记了两次 logged twice, ${inTopic}`);
      fact.logged = true;
      const place = placeOf(line);
      if (digestOf(line) !== fact.digest || (place !== fact.place && !fact.again))
        check.found(`${id}: 日志与 topic 不同 the log differs from ${inTopic} (${placeText(topic, place)})`);
    },
    result() {
      for (const { topic, facts } of sources)
        for (const [id, { logged, place }] of facts)
          if (!logged) check.found(`${id}: 没有日志 not logged, ${placeText(topic, place)}`);
      return check.result();
    },
  };
}

/** A coupon as the issuer keeps it. */
export type CouponRow = {
  code: string;
  campaignId: string;
  openid: string;
  causeId: string;
  state: LifeState;
  /** The order that holds it or used it; '' when none does. */
  order: string;
};
/** An attempt as the issuer keeps it; `granted` or refused. */
export type AttemptRow = { causeId: string; campaignId: string; openid: string; granted: boolean; code: string | null };
export type CampaignRow = { id: string; stock: number; claimed: number };

/** The issuer's tables beside the topic: the same coupons, attempts and counts. */
export function startIssuerCheck({ facts, campaigns, lives }: Ledger) {
  const coupons = startCheck('coupons', '券与事件一致 the coupons are those claimed, as the events left them');
  const attempts = startCheck('attempts', '领取记录一致 the attempts are those decided');
  const counts = startCheck('counts', '活动计数一致 the campaigns count right');
  const owned = new Map<string, number>();
  const same = (fact: Fact, row: { campaignId: string; openid: string }) =>
    fact.campaign.id === row.campaignId && fact.openid === row.openid;

  return {
    coupon(row: CouponRow): void {
      coupons.looked();
      owned.set(row.campaignId, (owned.get(row.campaignId) ?? 0) + 1);
      const fact = facts.get(outcomeId(row.causeId, 'coupon.claimed'));
      if (fact === undefined)
        return coupons.found(
          `${row.code}: 有券无事件 a coupon without its event, ${row.campaignId}, ${maskOpenid(row.openid)}`,
        );
      fact.owned = true;
      if (!same(fact, row) || fact.code !== row.code)
        coupons.found(`${row.code}: 与事件不同 differs from ${factText(fact)}`);
      const { state, order } = lives.standOf(row.code);
      if (state !== row.state || order !== row.order)
        coupons.found(
          `${row.code}: 状态 the store says ${row.state} ${row.order}，事件 the events ${state} ${order}`.trimEnd(),
        );
    },
    attempt(row: AttemptRow): void {
      attempts.looked();
      const fact = facts.get(outcomeId(row.causeId, row.granted ? 'coupon.claimed' : 'coupon.claim_refused'));
      if (fact === undefined) return attempts.found(`${row.causeId}: 有记录无事件 an attempt without its event`);
      fact.attempted = true;
      if (!same(fact, row) || (row.granted && row.code !== fact.code))
        attempts.found(`${row.causeId}: 与事件不同 differs from ${factText(fact)}`);
    },
    campaign({ id, stock, claimed }: CampaignRow): void {
      counts.looked();
      const account = campaigns.get(id);
      const has = owned.get(id) ?? 0;
      if (claimed !== has || has !== (account?.claims ?? 0))
        counts.found(`${id}: 计数 count ${claimed}，券 coupons ${has}，事件 events ${account?.claims ?? 0}`);
      if (claimed > stock) counts.found(`${id}: 已领 claimed ${claimed}，库存 stock ${stock}`);
    },
    results() {
      for (const [id, fact] of facts) {
        if (fact.kind === 'other') continue;
        if (fact.kind === 'claimed' && !fact.owned)
          coupons.found(`${id}: 有事件无券 an event without its coupon, ${factText(fact)}`);
        if (!fact.attempted) attempts.found(`${id}: 有事件无记录 an event without its attempt, ${factText(fact)}`);
      }
      return [coupons.result(), attempts.result(), counts.result()];
    },
  };
}
