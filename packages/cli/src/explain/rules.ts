import { CampaignStatus, RefusalReason } from '@lingquan/events/coupon.ts';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Gathered, GatheredFact, RuleVersion, Where } from './gathered.ts';
import { words } from './words.ts';
import type { Words } from './words.ts';

/** Why a claim was refused, and what said so: the record of the campaign's definition in force then. */
export type Because = { why: Words; rule: { text: Words; where: Where; timeMs: number } | undefined };

/** A campaign's versions up to a fact's turn, in the order in which they began to hold. By their times where the journal tells nothing. */
export function versionsBefore({ versions }: Gathered, { event, rank, timeMs }: GatheredFact): RuleVersion[] {
  const isBefore = (one: RuleVersion) =>
    rank === undefined || one.rank === undefined ? one.timeMs <= timeMs : one.rank < rank;
  return versions
    .filter((one) => one.campaignId === event.campaignId && isBefore(one))
    .toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.timeMs - b.timeMs);
}

/** Why this claim was refused. */
export function because(gathered: Gathered, fact: GatheredFact): Because {
  const { event } = fact.event;
  const reason = event.case === 'couponClaimRefused' ? event.value.reason : RefusalReason.UNSPECIFIED;
  const before = versionsBefore(gathered, fact);
  const created = before.find(({ terms }) => terms !== undefined);
  const now = before.at(-1);
  const by = (version: RuleVersion | undefined, text: Words) =>
    version === undefined ? undefined : { text, where: version.where, timeMs: version.timeMs };
  const terms = created?.terms;
  const at = (time: Parameters<typeof timestampMs>[0] | undefined) =>
    time === undefined ? undefined : timestampMs(time);
  switch (reason) {
    case RefusalReason.LIMIT_REACHED: {
      const code = event.case === 'couponClaimRefused' ? event.value.firstCode : '';
      return {
        why: words.limitReached(terms?.limitPerUser, code),
        rule: by(created, words.ruleLimit(terms?.limitPerUser ?? 0)),
      };
    }
    case RefusalReason.SOLD_OUT:
      return { why: words.soldOut(now?.stock), rule: by(now, words.ruleStock(now?.stock ?? 0)) };
    case RefusalReason.PAUSED: {
      // The change that paused it, not one that came while it was paused.
      const since = before.findLast(
        (one, place) => one.status === CampaignStatus.PAUSED && before[place - 1]?.status !== CampaignStatus.PAUSED,
      );
      return { why: words.paused(), rule: by(since, words.rulePaused()) };
    }
    case RefusalReason.NOT_OPEN_YET:
      return { why: words.notOpenYet(), rule: by(created, words.ruleOpens(at(terms?.opensAt))) };
    case RefusalReason.OVER:
      return {
        why: words.over(),
        rule: by(
          created,
          words.ruleCloses(Math.min(at(terms?.closesAt) ?? Infinity, at(terms?.rules?.validUntil) ?? Infinity)),
        ),
      };
    case RefusalReason.NOT_ENTITLED:
      return { why: words.notEntitled(), rule: by(created, words.ruleAudience()) };
    case RefusalReason.UNSPECIFIED:
    default: // a reason of a later version
      return { why: words.otherReason(reason), rule: undefined };
  }
}
