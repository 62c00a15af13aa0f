import { topics } from '@lingquan/events';
import { startCheck } from '../audit/check.ts';
import type { CheckResult } from '../audit/check.ts';
import { placeOf, placeText } from '../audit/place.ts';
import type { Coupons } from './coupons.ts';
import { AGAIN, LOGGED } from './facts.ts';
import type { FactIds } from './facts.ts';
import type { Outcomes } from './outcomes.ts';

/** A line of the claim log, as `GET /events` has it; the topic without the system's prefix. */
export type LoggedLine = {
  id: string;
  type: string;
  timeMs: number;
  causeId: string | null;
  openid: string | null;
  campaignId: string | null;
  code: string | null;
  topic: string;
  partition: number;
  offset: number;
};

/** What the topics gave. */
export type Told = { outcomes: Outcomes; coupons: Coupons; events: FactIds; payments: FactIds };

/** Where the topics were read up to, by topic: what the log has beyond is newer. */
export type ReadUpTo = (topic: string, partition: number, offset: number) => boolean;

const isOutcome = (type: string): boolean => type === 'coupon.claimed' || type === 'coupon.claim_refused';

/**
 * The log beside the topics: every event once, of the same push, follower, campaign, coupon and time, and with its place. Lines come in any
 * order; each leaves a mark beside what was read of its event, so the log itself is not kept.
 */
export function startLogLines({ outcomes, coupons, events, payments }: Told, wasRead: ReadUpTo) {
  const check = startCheck('log', '日志齐全 every event is logged once, and says the same');
  let later = 0;

  function takeOutcome(line: LoggedLine, where: string): void {
    const index = outcomes.find(line.causeId ?? '');
    if (index === undefined)
      return check.found(`${line.id}: 日志有，topic 没有 logged, but not in the topic, ${where}`);
    const mark = outcomes.marks.get(index);
    if ((mark & LOGGED) !== 0) return check.found(`${line.id}: 记了两次 logged twice, ${where}`);
    outcomes.marks.set(index, mark | LOGGED);
    const granted = outcomes.refusal(index) === 0;
    const coupon = coupons.find(line.code ?? '');
    const same =
      granted === (line.type === 'coupon.claimed') &&
      outcomes.timeMs(index) === line.timeMs &&
      outcomes.campaign(index).id === line.campaignId &&
      outcomes.isHolder(index, line.openid ?? '') &&
      (granted ? coupon !== undefined && coupons.claim(coupon) === index : line.code === null) &&
      ((mark & AGAIN) !== 0 || outcomes.place(index) === placeOf(line));
    if (!same)
      check.found(
        `${line.id}: 日志与 topic 不同 the log differs from ${placeText(line.topic, outcomes.place(index))}, ${where}`,
      );
  }

  function takeOther(line: LoggedLine, ids: FactIds, where: string): void {
    const fact = ids.find(line.id);
    if (fact === undefined) return check.found(`${line.id}: 日志有，topic 没有 logged, but not in the topic, ${where}`);
    const mark = ids.marks.get(fact);
    if ((mark & LOGGED) !== 0) return check.found(`${line.id}: 记了两次 logged twice, ${where}`);
    ids.marks.set(fact, mark | LOGGED);
    if ((mark & AGAIN) === 0 && ids.place(fact) !== placeOf(line))
      check.found(
        `${line.id}: 位置不同 logged with another place than ${placeText(line.topic, ids.place(fact))}, ${where}`,
      );
  }

  return {
    take(line: LoggedLine): void {
      if (!wasRead(line.topic, line.partition, line.offset)) return void (later += 1);
      check.looked();
      const where = placeText(line.topic, placeOf(line));
      if (line.topic === topics.paymentEvents.name) takeOther(line, payments, where);
      else if (isOutcome(line.type)) takeOutcome(line, where);
      else takeOther(line, events, where);
    },
    /** Lines newer than what was read of the topics. */
    later: () => later,
    /** Every event that no line told of is missing. */
    result(): CheckResult {
      for (let index = 0; index < outcomes.size(); index++)
        if ((outcomes.marks.get(index) & LOGGED) === 0)
          check.found(`没有日志 not logged: ${placeText(topics.couponEvents.name, outcomes.place(index))}`);
      missing(events, topics.couponEvents.name);
      missing(payments, topics.paymentEvents.name);
      return check.result();
    },
  };

  function missing(ids: FactIds, topic: string): void {
    for (let fact = 0; fact < ids.count(); fact++)
      if ((ids.marks.get(fact) & LOGGED) === 0)
        check.found(`没有日志 not logged: ${placeText(topic, ids.place(fact))}`);
  }
}
