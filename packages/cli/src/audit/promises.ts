import { maskOpenid } from '@lingquan/log';
import { CampaignStatus } from '@lingquan/events/coupon.ts';
import { startCheck } from './check.ts';
import type { Check, CheckResult } from './check.ts';
import { factText } from './ledger.ts';
import type { CampaignAccount, Fact, Ledger } from './ledger.ts';
import { placeText } from './place.ts';

/** A fact's place in the order of decisions: the batch that decided its cause, and the cause's offset in it. */
export type Turn = { eventId: string; sequence: number; offset: number };

/**
 * The promises about stock, limit and rules, for every campaign. `turns` are those of the facts of campaigns that were changed while
 * they ran: claims and changes stand in different partitions, only the journal knows which came first.
 */
export function checkPromises(ledger: Ledger, turns: Turn[]): CheckResult[] {
  const stock = startCheck('stock', '不超发 never oversold');
  const limit = startCheck('limit', '每人限领 limit per follower kept');
  const rules = startCheck('rules', '规则有效 claims only while live and open');
  for (const campaign of ledger.campaigns.values()) {
    checkLimit(ledger, campaign, limit);
    checkWindow(campaign, rules);
    if (campaign.created === undefined) {
      if (campaign.claims > 0) stock.found(`${campaign.id}: 没有创建记录 claims of a campaign that was never created`);
    } else if (campaign.changes.size === 0) {
      stock.looked(campaign.claims);
      if (campaign.claims > campaign.created.stock)
        stock.found(`${campaign.id}: 已领 claimed ${campaign.claims}，库存 stock ${campaign.created.stock}`);
    }
  }
  for (const [campaign, inOrder] of turnsByCampaign(ledger, turns)) walk(ledger, campaign, inOrder, stock, rules);
  return [stock.result(), limit.result(), rules.result()];
}

function checkLimit({ facts }: Ledger, campaign: CampaignAccount, check: Check): void {
  check.looked(campaign.holders.size);
  const most = campaign.created?.limit ?? 0;
  const over = [...campaign.holders].filter(([, count]) => count > most);
  if (over.length === 0) return;
  const places = new Map<string, string[]>(over.map(([openid]) => [openid, []]));
  for (const fact of facts.values())
    if (fact.kind === 'claimed' && fact.campaign === campaign) places.get(fact.openid)?.push(factText(fact));
  for (const [openid, count] of over)
    check.found(
      `${campaign.id}: ${maskOpenid(openid)} 领了 owns ${count}，限领 limit ${most}: ${places.get(openid)!.join(', ')}`,
    );
}

function checkWindow({ id, created, claims, earliest, latest }: CampaignAccount, check: Check): void {
  check.looked(claims);
  const { opensAtMs = -Infinity, closesAtMs = Infinity } = created ?? {};
  if (earliest !== undefined && earliest.timeMs < opensAtMs)
    check.found(`${id}: 未开始就领取 claimed before it opened, ${placeText('coupon.events', earliest.place)}`);
  if (latest !== undefined && latest.timeMs >= closesAtMs)
    check.found(`${id}: 结束后领取 claimed after it closed, ${placeText('coupon.events', latest.place)}`);
}

function turnsByCampaign({ facts }: Ledger, turns: Turn[]): Map<CampaignAccount, Turn[]> {
  const grouped = new Map<CampaignAccount, Turn[]>();
  for (const turn of turns) {
    const { campaign } = facts.get(turn.eventId)!;
    const list = grouped.get(campaign) ?? [];
    list.push(turn);
    grouped.set(campaign, list);
  }
  return grouped;
}

/** Plays a campaign's claims and changes in the order in which they were decided. */
function walk({ facts }: Ledger, campaign: CampaignAccount, turns: Turn[], stock: Check, rules: Check): void {
  turns.sort((a, b) => a.sequence - b.sequence || a.offset - b.offset);
  let inForce = { stock: campaign.created?.stock ?? 0, status: CampaignStatus.LIVE as CampaignStatus };
  let claims = 0;
  const seen = new Set<Fact>();
  for (const { eventId, sequence } of turns) {
    const fact = facts.get(eventId)!;
    if (seen.has(fact)) continue; // the same push twice on record: decided once, the first time
    seen.add(fact);
    const change = campaign.changes.get(eventId);
    if (change !== undefined) inForce = change;
    if (fact.kind === 'claimed') {
      claims += 1;
      stock.looked();
      if (inForce.status !== CampaignStatus.LIVE)
        rules.found(`${campaign.id}: 暂停时领取 claimed while paused, ${factText(fact)}, #${sequence}`);
    }
    if (claims > inForce.stock)
      stock.found(
        `${campaign.id}: 已领 claimed ${claims}，当时库存 stock then ${inForce.stock}, ${factText(fact)}, #${sequence}`,
      );
  }
  if (claims !== campaign.claims)
    stock.found(`${campaign.id}: ${campaign.claims - claims} 次领取找不到起因 claims whose cause is not on record`);
}
