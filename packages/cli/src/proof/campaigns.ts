import { timestampMs } from '@bufbuild/protobuf/wkt';
import { CampaignStatus, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { CampaignTerms } from '@lingquan/events/coupon.ts';
import { placeText } from '../audit/place.ts';
import type { Place } from '../audit/place.ts';
import { matchesPattern } from './pattern.ts';
import type { CampaignFact } from './read-fact.ts';
import type { Trigger } from './read-push.ts';
import type { Rank } from './spans.ts';

/** What a campaign's facts say of it from one turn on: its creation, or a change. */
export type Version = {
  campaign: Campaign;
  /** When it began to hold; undefined when its command is not on record. */
  rank: Rank | undefined;
  place: Place;
  stock: number;
  status: CampaignStatus;
};

/** A campaign, by the number the proof gives it. */
export type Campaign = {
  index: number;
  id: string;
  appid: string;
  keyword: string;
  match: KeywordMatch;
  limit: number;
  opensAtMs: number;
  /** The earlier of its own end and its coupons'. */
  overAtMs: number;
  /** Undefined while no creation was read. */
  created: Version | undefined;
};

export type Campaigns = ReturnType<typeof startCampaigns>;

/** All campaigns, with every version of each. They are few: plain objects. */
export function startCampaigns() {
  const byId = new Map<string, Campaign>();
  const all: Campaign[] = [];
  const versions: Version[] = [];

  function campaignOf(id: string): Campaign {
    const known = byId.get(id);
    if (known !== undefined) return known;
    const fresh: Campaign = { index: all.length, id, appid: '', ...nothingKnown, created: undefined };
    byId.set(id, fresh);
    all.push(fresh);
    return fresh;
  }

  return {
    all,
    campaignOf,
    take({ campaignId, change, place }: CampaignFact, rank: Rank | undefined): void {
      const campaign = campaignOf(campaignId);
      if (change.case === 'campaignCreated') {
        const { terms } = change.value;
        const version = { campaign, rank, place, stock: Number(terms?.stock ?? 0n), status: CampaignStatus.LIVE };
        if (terms !== undefined) Object.assign(campaign, promised(terms));
        campaign.created = version;
        versions.push(version);
      } else {
        const { stock, status } = change.value;
        versions.push({ campaign, rank, place, stock: Number(stock), status });
      }
    },
    /** Every version in the order in which it began to hold. */
    inOrder: (): Version[] => versions.toSorted((a, b) => (a.rank ?? -1) - (b.rank ?? -1)),
  };
}

const nothingKnown = {
  keyword: '',
  match: KeywordMatch.UNSPECIFIED,
  limit: Infinity,
  opensAtMs: -Infinity,
  overAtMs: Infinity,
};

function promised({ appid, keyword, match, limitPerUser, opensAt, closesAt, rules }: CampaignTerms) {
  const closesAtMs = closesAt === undefined ? Infinity : timestampMs(closesAt);
  const validUntilMs = rules?.validUntil === undefined ? Infinity : timestampMs(rules.validUntil);
  return {
    appid,
    keyword,
    match,
    limit: limitPerUser,
    opensAtMs: opensAt === undefined ? -Infinity : timestampMs(opensAt),
    overAtMs: Math.min(closesAtMs, validUntilMs),
  };
}

export const versionText = ({ campaign, place }: Version): string =>
  `${campaign.id} ${placeText('coupon.events', place)}`;

/** Which campaigns could answer a push; asked when all are read. Remembers what was asked, up to a bound. */
export function rulesOf(campaigns: Campaigns) {
  const exact = new Map<string, Campaign[]>();
  const loose = new Map<string, Campaign[]>();
  for (const campaign of campaigns.all) {
    if (campaign.created === undefined) continue;
    add(exact, `${campaign.appid}\n${campaign.keyword}`, campaign);
    if (campaign.match === KeywordMatch.CONTAINS || campaign.match === KeywordMatch.PATTERN)
      add(loose, campaign.appid, campaign);
  }
  const remembered = new Map<string, readonly Campaign[]>();

  function candidates(appid: string, { kind, value }: Trigger): readonly Campaign[] {
    if (value === '') return [];
    const key = `${kind}\n${appid}\n${value}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const same = exact.get(`${appid}\n${value}`) ?? [];
    const fits =
      kind === 'key' ? [] : (loose.get(appid) ?? []).filter((one) => !same.includes(one) && fitsLoosely(one, value));
    const found = [...same, ...fits];
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(key, found);
    return found;
  }

  return {
    /** Whether some campaign that existed at this turn answers the push. */
    isAnswered: (appid: string, trigger: Trigger | undefined, rank: Rank): boolean =>
      trigger !== undefined && candidates(appid, trigger).some((campaign) => existed(campaign, rank)),
    /** Whether this campaign is one that may: a keyword that is the text itself goes before one that only fits it. */
    mayAnswer(campaign: Campaign, appid: string, trigger: Trigger | undefined, rank: Rank): boolean {
      if (trigger === undefined || !existed(campaign, rank)) return false;
      const found = candidates(appid, trigger);
      const isSame = (one: Campaign) => one.keyword === trigger.value;
      return found.includes(campaign) && (isSame(campaign) || !found.some((one) => isSame(one) && existed(one, rank)));
    },
  };
}

const REMEMBERED_MAX = 10_000;

const existed = ({ created }: Campaign, rank: Rank): boolean => created !== undefined && (created.rank ?? -1) < rank;

const fitsLoosely = ({ match, keyword }: Campaign, text: string): boolean =>
  match === KeywordMatch.CONTAINS ? text.includes(keyword) : matchesPattern(keyword, text);

const add = (index: Map<string, Campaign[]>, key: string, campaign: Campaign): void => {
  const list = index.get(key);
  if (list === undefined) index.set(key, [campaign]);
  else list.push(campaign);
};
