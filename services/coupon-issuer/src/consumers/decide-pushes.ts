import type { OutgoingRecord } from '@lingquan/kafka';
import type { Last } from '@lingquan/postgres';
import type { PoolClient } from 'pg';
import { settle } from '../domain/attempt.ts';
import type { Attempt, ClaimState, Coupon, Settled } from '../domain/attempt.ts';
import type { RuleBook } from '../domain/book.ts';
import type { Campaign } from '../domain/campaign.ts';
import { campaignKey, codesFor } from '../domain/code.ts';
import { recordsOf } from '../publish/facts.ts';
import { lockClaimed } from '../store/campaigns.ts';
import { loadDecided, loadHoldings, saveClaims } from '../store/claims.ts';
import { valuesOf } from './read-batch.ts';
import type { Read } from './read-batch.ts';

/** Decides batches of pushes together; returns what each batch has to say. */
export async function decidePushes(
  { client, last }: { client: PoolClient; last: Last },
  book: RuleBook,
  read: Read<Attempt>[][],
  codeSecret: Buffer,
): Promise<OutgoingRecord[][]> {
  const attempts = read.flatMap(valuesOf);
  const state = await loadState(client, book, attempts);
  const settled = read.map((batch) =>
    batch.map((one): Settled | OutgoingRecord => ('dead' in one ? one.dead : settle(state, one.value))),
  );
  const fresh = settled
    .flat()
    .flatMap((one) => ('attempt' in one && !one.repeat && one.outcome.kind !== 'no rule' ? [one] : []));
  nameCoupons(fresh, codeSecret);
  if (fresh.length > 0) last(saveClaims(client, fresh, state.claimed));
  return settled.map((batch) => batch.flatMap((one) => ('attempt' in one ? recordsOf(one) : [one])));
}

/** Loads what the attempts are decided from: only campaigns that one of them means, locked first. */
async function loadState(client: PoolClient, book: RuleBook, attempts: Attempt[]): Promise<ClaimState> {
  const meant = attempts.flatMap(({ appid, openid, trigger, envelope }) => {
    const campaign = trigger && book.find(appid, trigger, envelope.timeMs);
    return campaign === undefined ? [] : [{ campaignId: campaign.id, openid, eventId: envelope.id }];
  });
  if (meant.length === 0) return { book, claimed: new Map(), holdings: new Map(), decided: new Map() };
  // Sent together; Postgres runs them in this order, so what is loaded is loaded under the locks.
  const [claimed, holdings, decided] = await Promise.all([
    lockClaimed(client, [...new Set(meant.map(({ campaignId }) => campaignId))]),
    loadHoldings(client, meant),
    loadDecided(
      client,
      meant.map(({ eventId }) => eventId),
      book,
    ),
  ]);
  return { book, claimed, holdings, decided };
}

/** Gives every new coupon its code, a campaign at a time. */
export function nameCoupons(settled: Settled[], codeSecret: Buffer): void {
  const byCampaign = new Map<Campaign, Coupon[]>();
  for (const { outcome } of settled) {
    if (outcome.kind !== 'granted') continue;
    (byCampaign.get(outcome.campaign) ?? byCampaign.set(outcome.campaign, []).get(outcome.campaign)!).push(
      outcome.coupon,
    );
  }
  for (const [campaign, coupons] of byCampaign) {
    const codes = codesFor(
      campaignKey(codeSecret, campaign.id),
      campaign.number,
      coupons.map(({ serial }) => serial),
    );
    coupons.forEach((coupon, place) => void (coupon.code = codes[place]!));
  }
}
