import { CampaignStatus, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { Campaign } from './campaign.ts';
import { answers } from './keyword.ts';
import type { Trigger } from './keyword.ts';

/** All campaigns, found by id and by what a follower says. Changed only through `put`. */
export type RuleBook = {
  byId: ReadonlyMap<string, Campaign>;
  /** Adds a campaign or replaces the one with its id. */
  put: (campaign: Campaign) => void;
  /** The campaign that answers this trigger on this account at this instant, or undefined when none does. */
  find: (appid: string, trigger: Trigger, nowMs: number) => Campaign | undefined;
  /** The live campaign, not over at `nowMs`, that has exactly this keyword on this account. */
  liveWithKeyword: (appid: string, keyword: string, nowMs: number) => Campaign | undefined;
};

const keyOf = (appid: string, keyword: string) => `${appid}\n${keyword}`;

export function ruleBook(campaigns: Iterable<Campaign>): RuleBook {
  const byId = new Map<string, Campaign>();
  const byKeyword = new Map<string, Set<string>>();
  const loose = new Map<string, Set<string>>();

  const put = (campaign: Campaign) => {
    byId.set(campaign.id, campaign);
    add(byKeyword, keyOf(campaign.appid, campaign.keyword), campaign.id);
    if (campaign.match !== KeywordMatch.EXACT) add(loose, campaign.appid, campaign.id);
  };
  const all = (ids: Iterable<string> | undefined): Campaign[] => [...(ids ?? [])].map((id) => byId.get(id)!);
  for (const campaign of campaigns) put(campaign);

  return {
    byId,
    put,
    find: (appid, trigger, nowMs) => {
      const same = byKeyword.get(keyOf(appid, trigger.value));
      if (same !== undefined) return mostFitting(all(same), nowMs);
      const candidates = loose.get(appid);
      return (
        candidates &&
        mostFitting(
          all(candidates).filter((campaign) => answers(campaign, trigger)),
          nowMs,
        )
      );
    },
    liveWithKeyword: (appid, keyword, nowMs) =>
      all(byKeyword.get(keyOf(appid, keyword))).find(
        (campaign) =>
          campaign.match === KeywordMatch.EXACT && campaign.status === CampaignStatus.LIVE && !isOver(campaign, nowMs),
      ),
  };
}

const add = (index: Map<string, Set<string>>, key: string, id: string) =>
  void (index.get(key) ?? index.set(key, new Set()).get(key)!).add(id);

/** Over for claims: its window has ended, or the time in which its coupons can be used. */
export const isOver = ({ closesAtMs, rules: { validUntilMs } }: Campaign, nowMs: number): boolean =>
  (closesAtMs !== undefined && nowMs >= closesAtMs) || (validUntilMs !== undefined && nowMs >= validUntilMs);
export const isOpenYet = ({ opensAtMs }: Campaign, nowMs: number): boolean =>
  opensAtMs === undefined || nowMs >= opensAtMs;

/** The one a follower would mean: open before not yet open, paused and over; the newest among equals. */
function mostFitting(candidates: Campaign[], nowMs: number): Campaign | undefined {
  const rank = (campaign: Campaign) => {
    if (isOver(campaign, nowMs)) return 0;
    if (campaign.status === CampaignStatus.PAUSED) return 1;
    return isOpenYet(campaign, nowMs) ? 3 : 2;
  };
  return candidates.reduce<Campaign | undefined>((best, one) => {
    if (best === undefined) return one;
    const difference = rank(one) - rank(best) || one.number - best.number;
    return difference > 0 ? one : best;
  }, undefined);
}
