import type { Check } from '../audit/check.ts';
import { placeText } from '../audit/place.ts';
import type { Place } from '../audit/place.ts';
import type { Campaign, Campaigns } from './campaigns.ts';
import { bytes, bytesOf, doubles, words } from './columns.ts';
import { AGAIN } from './facts.ts';
import { keyTable } from './key-table.ts';
import type { OutcomeFact } from './read-fact.ts';
import type { Rank } from './spans.ts';

/** One outcome's number: outcomes are kept in columns, numbered as their facts were read. */
export type OutcomeIndex = number;

export type Outcomes = ReturnType<typeof startOutcomes>;

export const outcomeText = (place: Place): string => placeText('coupon.events', place);

/** In the rank column: what became of the push that caused it. */
const UNKNOWN = 0;
const NO_TURN = 1;
const FIRST_RANK = 2;

/**
 * What claims came to, one outcome a push, in columns: 34 bytes each, and about 20 for its cause's key and 20 for a follower of a campaign.
 * Finds two outcomes of one push, and two facts under one id.
 */
export function startOutcomes(expected: number, campaigns: Campaigns, facts: Check) {
  const causes = keyTable(expected);
  const holders = keyTable(expected);
  const campaign = words(expected);
  const holder = words(expected);
  const refusal = bytes(expected);
  const timeMs = doubles(expected);
  const place = doubles(expected);
  const digest = words(expected);
  const turn = words(expected);
  const marks = bytes(expected);
  let again = 0;

  return {
    /** Takes an outcome and gives its number; undefined when it adds nothing: published again, or a second one of its push, which is told. */
    take(fact: OutcomeFact): OutcomeIndex | undefined {
      facts.looked();
      const before = causes.size();
      const index = causes.put(fact.causeId);
      if (index !== before) {
        if (digest.get(index) === fact.digest) {
          again += 1;
          marks.set(index, marks.get(index) | AGAIN);
        } else
          facts.found(
            `${fact.causeId}: 一次推送两个结果 two outcomes of one push, ${outcomeText(place.get(index))} 和 and ${outcomeText(fact.place)}`,
          );
        return undefined;
      }
      const of = campaigns.campaignOf(fact.campaignId);
      campaign.set(index, of.index);
      holder.set(index, holders.put(fact.openid, of.index + 1));
      refusal.set(index, fact.refusal < 0 || fact.refusal > 254 ? 255 : fact.refusal);
      timeMs.set(index, fact.timeMs);
      place.set(index, fact.place);
      digest.set(index, fact.digest);
      return index;
    },
    size: () => causes.size(),
    find: (causeId: string): OutcomeIndex | undefined => causes.find(causeId),
    campaign: (index: OutcomeIndex): Campaign => campaigns.all[campaign.get(index)]!,
    /** The follower's number among those of the campaign; 0 to `holders()`. */
    holder: (index: OutcomeIndex): number => holder.get(index),
    isHolder: (index: OutcomeIndex, openid: string): boolean =>
      holders.find(openid, campaign.get(index) + 1) === holder.get(index),
    holders: () => holders.size(),
    /** 0: granted. */
    refusal: (index: OutcomeIndex): number => refusal.get(index),
    timeMs: (index: OutcomeIndex): number => timeMs.get(index),
    place: (index: OutcomeIndex): Place => place.get(index),
    marks,
    /** The push that caused it was found: the first of its turns counts, when it came twice. */
    turned(index: OutcomeIndex, rank: Rank | undefined): void {
      const known = turn.get(index);
      if (rank === undefined) turn.set(index, Math.max(known, NO_TURN));
      else turn.set(index, known < FIRST_RANK ? rank + FIRST_RANK : Math.min(known, rank + FIRST_RANK));
    },
    /** Its push's rank; 'no turn' when the journal does not come that far, 'not found' when no such push was read. */
    rank(index: OutcomeIndex): Rank | 'no turn' | 'not found' {
      const known = turn.get(index);
      return known >= FIRST_RANK ? known - FIRST_RANK : known === UNKNOWN ? 'not found' : 'no turn';
    },
    publishedAgain: () => again,
    bytes: () => bytesOf([causes, holders, campaign, holder, refusal, timeMs, place, digest, turn, marks]),
  };
}
