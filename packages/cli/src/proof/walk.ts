import { CampaignStatus, RefusalReason } from '@lingquan/events/coupon.ts';
import { startCheck } from '../audit/check.ts';
import type { CheckResult } from '../audit/check.ts';
import { versionText } from './campaigns.ts';
import type { Campaign, Campaigns, Version } from './campaigns.ts';
import { words } from './columns.ts';
import { dueOutcome, reasonName } from './decision.ts';
import { outcomeText } from './outcomes.ts';
import type { OutcomeIndex, Outcomes } from './outcomes.ts';
import type { Rank, Spans } from './spans.ts';

/** A campaign as it stands at one point of the order. */
type Stand = { version: Version | undefined; claims: number; highest: number };

export type ToWalk = {
  outcomes: Outcomes;
  campaigns: Campaigns;
  spans: Spans;
  /** Coupon events were read from their very beginning: a campaign without its creation is a fault. */
  isWhole: boolean;
  /** From here on every push is on record. */
  keptFromMs: number;
};

/**
 * Plays all claims and changes of campaigns in the order in which they were decided, and looks at every point of it: never more claims than
 * the stock then in force, no follower over the limit, nothing while paused or outside the window, and every refusal for its true reason.
 *
 * Outcomes whose push has left retention have no rank. They happened before everything that has one, in an order nobody can tell any more:
 * they are counted first, against the highest stock their campaign ever had. Those that no push ever caused are counted last.
 */
export function walk({ outcomes, campaigns, spans, isWhole, keptFromMs }: ToWalk) {
  const stock = startCheck('stock', '不超发 never oversold, at no point');
  const limit = startCheck('limit', '每人限领 limit per follower kept');
  const rules = startCheck('rules', '规则有效 claims only while live and open');
  const refusals = startCheck('refusals', '拒绝有据 every refusal for its true reason');
  const stands: Stand[] = campaigns.all.map(() => ({ version: undefined, claims: 0, highest: 0 }));
  const held = words(outcomes.holders());
  const versions = campaigns.inOrder();
  let undecided = 0;

  for (const { campaign, stock: offered } of versions) {
    const stand = stands[campaign.index]!;
    stand.highest = Math.max(stand.highest, offered);
  }

  const atRank = new Uint32Array(spans.total());
  for (let index = 0; index < outcomes.size(); index++) {
    const rank = outcomes.rank(index);
    if (rank === 'no turn') undecided += 1;
    else if (rank === 'not found') countUnordered(index, 'lost');
    else atRank[rank] = index + 1;
  }

  let next = 0;
  for (let rank = 0; rank < atRank.length; rank++) {
    while (next < versions.length && (versions[next]!.rank ?? -1) <= rank) begin(versions[next++]!);
    const index = atRank[rank]!;
    if (index !== 0) look(index - 1, rank);
  }
  for (let index = 0; index < outcomes.size(); index++)
    if (outcomes.rank(index) === 'not found') countUnordered(index, 'never was');

  function countUnordered(index: OutcomeIndex, cause: 'lost' | 'never was'): void {
    const isLost = outcomes.timeMs(index) < keptFromMs;
    if (isLost !== (cause === 'lost') || outcomes.refusal(index) !== 0) return;
    const campaign = outcomes.campaign(index);
    const stand = stands[campaign.index]!;
    const offered = isLost ? stand.highest : (stand.version?.stock ?? 0);
    stock.looked();
    stand.claims += 1;
    if (stand.claims > offered && (isWhole || campaign.created !== undefined))
      stock.found(
        `${campaign.id}: 已领 claimed ${stand.claims}，库存 stock ${offered}，次序不明 in an order nobody can tell, ${outcomeText(outcomes.place(index))}`,
      );
    const holder = outcomes.holder(index);
    held.set(holder, held.get(holder) + 1);
    checkLimit(campaign, index, held.get(holder));
  }

  function begin(version: Version): void {
    const stand = stands[version.campaign.index]!;
    stand.version = version;
    if (stand.claims > version.stock)
      stock.found(
        `${version.campaign.id}: 库存降到 stock lowered to ${version.stock}，已领 claimed ${stand.claims}, ${versionText(version)}`,
      );
  }

  function look(index: OutcomeIndex, rank: Rank): void {
    const campaign = outcomes.campaign(index);
    const stand = stands[campaign.index]!;
    const holder = outcomes.holder(index);
    const refusal = outcomes.refusal(index);
    if (refusal === 0) {
      stand.claims += 1;
      held.set(holder, held.get(holder) + 1);
      checkClaim(campaign, stand, index, rank);
      checkLimit(campaign, index, held.get(holder));
    } else checkRefusal(campaign, stand, index, rank, held.get(holder));
  }

  function checkClaim(campaign: Campaign, { version, claims }: Stand, index: OutcomeIndex, rank: Rank): void {
    stock.looked();
    rules.looked();
    const where = () => `${outcomeText(outcomes.place(index))} #${spans.sequenceAt(rank)}`;
    if (version === undefined) {
      if (isWhole) stock.found(`${campaign.id}: 创建前领取 claimed before it was created, ${where()}`);
      return;
    }
    if (claims > version.stock)
      stock.found(
        `${campaign.id}: 已领 claimed ${claims}，当时库存 stock then ${version.stock}, ${where()}，规则 by ${versionText(version)}`,
      );
    if (version.status !== CampaignStatus.LIVE)
      rules.found(`${campaign.id}: 暂停时领取 claimed while paused, ${where()}，规则 by ${versionText(version)}`);
    const timeMs = outcomes.timeMs(index);
    if (timeMs < campaign.opensAtMs) rules.found(`${campaign.id}: 未开始就领取 claimed before it opened, ${where()}`);
    if (timeMs >= campaign.overAtMs) rules.found(`${campaign.id}: 结束后领取 claimed after it closed, ${where()}`);
  }

  function checkLimit(campaign: Campaign, index: OutcomeIndex, count: number): void {
    limit.looked();
    if (count > campaign.limit)
      limit.found(
        `${campaign.id}: 一人领了 one follower owns ${count}，限领 limit ${campaign.limit}, ${outcomeText(outcomes.place(index))}`,
      );
  }

  function checkRefusal(
    campaign: Campaign,
    { version, claims }: Stand,
    index: OutcomeIndex,
    rank: Rank,
    count: number,
  ): void {
    refusals.looked();
    const refusal = outcomes.refusal(index);
    // Rests on more than the topics say.
    if (refusal === RefusalReason.NOT_ENTITLED || version === undefined || campaign.created === undefined) return;
    const { stock: offered, status } = version;
    const { limit: most, opensAtMs, overAtMs } = campaign;
    const timeMs = outcomes.timeMs(index);
    const due = dueOutcome({ stock: offered, claims, limit: most, held: count, status, opensAtMs, overAtMs, timeMs });
    if (due === refusal) return;
    refusals.found(
      `${campaign.id}: 以 ${reasonName(refusal)} 拒绝 refused, 应是 should be ${due === 0 ? 'a coupon' : reasonName(due)} (${claims}/${offered}), ${outcomeText(outcomes.place(index))} #${spans.sequenceAt(rank)}，规则 by ${versionText(version)}`,
    );
  }

  return {
    /** Outcomes of pushes whose turn the journal, as read, does not tell yet: not judged. */
    undecided,
    claims: () => stands.reduce((sum, { claims }) => sum + claims, 0),
    results: (): CheckResult[] => [stock, limit, rules, refusals].map((check) => check.result()),
  };
}
