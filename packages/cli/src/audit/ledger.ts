import { timestampMs } from '@bufbuild/protobuf/wkt';
import { outcomeId } from '@lingquan/events';
import type { CampaignStatus } from '@lingquan/events/coupon.ts';
import { startCheck } from './check.ts';
import type { AuditEvent } from './event.ts';
import { startLives } from './lives.ts';
import { placeOf, placeText } from './place.ts';
import type { Place } from './place.ts';

/** What the topic says of one campaign. */
export type CampaignAccount = {
  id: string;
  /** Undefined until its creation was read: partitions come in any order. */
  created: { stock: number; limit: number; opensAtMs: number | undefined; closesAtMs: number | undefined } | undefined;
  /** Changes by event id, with what was in force after each. */
  changes: Map<string, { stock: number; status: CampaignStatus }>;
  claims: number;
  /** Coupons by openid. */
  holders: Map<string, number>;
  earliest: { timeMs: number; place: Place } | undefined;
  latest: { timeMs: number; place: Place } | undefined;
};

/** What the log must have of a fact, of whatever topic. */
export type LoggedFact = {
  digest: string;
  place: Place;
  /** Published again, as after a crash of the relay: only the log knows which of the two it wrote. */
  again: boolean;
  logged: boolean;
};

/** One fact as the audit keeps it, about 400 bytes with its entries in the maps. */
export type Fact = LoggedFact & {
  kind: 'claimed' | 'refused' | 'other';
  campaign: CampaignAccount;
  openid: string;
  code: string;
  /** The issuer has the attempt; of a claim, the coupon. */
  attempted: boolean;
  owned: boolean;
};

const claimed = 'coupon.claimed';
const refused = 'coupon.claim_refused';

export const factText = (fact: LoggedFact): string => placeText('coupon.events', fact.place);

export type Ledger = ReturnType<typeof startLedger>;

/**
 * Keeps account of coupon.events as they are read, in whatever order the partitions come, and finds what must not be among
 * them: two facts under one id, two outcomes of one push, one code for two coupons.
 */
export function startLedger() {
  const facts = new Map<string, Fact>();
  const campaigns = new Map<string, CampaignAccount>();
  /** Event id of the claim that gave out a code. */
  const codes = new Map<string, string>();
  const lives = startLives();
  const oneFact = startCheck('facts', '一因一果 one fact per id, one outcome per push');
  const uniqueCodes = startCheck('codes', '券码唯一 codes are unique');
  let again = 0;

  function campaignOf(id: string): CampaignAccount {
    const known = campaigns.get(id);
    if (known !== undefined) return known;
    const account: CampaignAccount = {
      id,
      created: undefined,
      changes: new Map(),
      claims: 0,
      holders: new Map(),
      earliest: undefined,
      latest: undefined,
    };
    campaigns.set(id, account);
    return account;
  }

  function keep(event: AuditEvent): Fact | undefined {
    const known = facts.get(event.id);
    if (known !== undefined) {
      again += 1;
      known.again = true;
      if (known.digest !== event.digest)
        oneFact.found(`${event.id}: ${factText(known)} ≠ ${placeText('coupon.events', placeOf(event))}`);
      return undefined;
    }
    const fact: Fact = {
      kind: event.type === claimed ? 'claimed' : event.type === refused ? 'refused' : 'other',
      campaign: campaignOf(event.campaignId),
      openid: event.openid,
      code: event.code,
      digest: event.digest,
      place: placeOf(event),
      again: false,
      logged: false,
      attempted: false,
      owned: false,
    };
    facts.set(event.id, fact);
    return fact;
  }

  function checkOutcome({ id, causeId, type }: AuditEvent, fact: Fact): void {
    oneFact.looked();
    if (id !== outcomeId(causeId, type))
      oneFact.found(`${id}: 不是其起因的 id not the id its cause gives, ${factText(fact)}`);
    const other = facts.get(outcomeId(causeId, type === claimed ? refused : claimed));
    if (other !== undefined)
      oneFact.found(`${causeId}: 两个结果 two outcomes, ${factText(other)} 和 and ${factText(fact)}`);
  }

  function countClaim(id: string, { timeMs }: AuditEvent, fact: Fact): void {
    const { campaign, openid, code, place } = fact;
    campaign.claims += 1;
    campaign.holders.set(openid, (campaign.holders.get(openid) ?? 0) + 1);
    if (timeMs < (campaign.earliest?.timeMs ?? Infinity)) campaign.earliest = { timeMs, place };
    if (timeMs > (campaign.latest?.timeMs ?? -Infinity)) campaign.latest = { timeMs, place };
    uniqueCodes.looked();
    const owner = codes.get(code);
    if (owner === undefined) codes.set(code, id);
    else uniqueCodes.found(`${code}: ${factText(facts.get(owner)!)} 和 and ${factText(fact)}`);
  }

  return {
    facts,
    campaigns,
    lives,
    /** The claim that gave out this code. */
    claimByCode: (code: string): Fact | undefined => facts.get(codes.get(code) ?? ''),
    /** Events published more than once, as happens after a crash: no fault. */
    publishedAgain: () => again,
    take(event: AuditEvent): void {
      const fact = keep(event);
      if (fact === undefined) return;
      if (fact.kind !== 'other') checkOutcome(event, fact);
      if (fact.kind === 'claimed') countClaim(event.id, event, fact);
      lives.take(event);
      if (event.fact.case === 'campaignCreated') {
        const { terms } = event.fact.value;
        fact.campaign.created = {
          stock: Number(terms?.stock ?? 0),
          limit: terms?.limitPerUser ?? 0,
          opensAtMs: terms?.opensAt && timestampMs(terms.opensAt),
          closesAtMs: terms?.closesAt && timestampMs(terms.closesAt),
        };
      }
      if (event.fact.case === 'campaignChanged') {
        const { stock, status } = event.fact.value;
        fact.campaign.changes.set(event.id, { stock: Number(stock), status });
      }
    },
    /** A record that is no coupon event. */
    unreadable: (place: Place, why: string) => oneFact.found(`${placeText('coupon.events', place)}: ${why}`),
    results: () => [oneFact.result(), uniqueCodes.result()],
  };
}
