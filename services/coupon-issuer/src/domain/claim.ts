import { ok as assert } from 'node:assert';
import { CampaignStatus, RefusalReason } from '@lingquan/events/coupon.ts';
import { isOpenYet, isOver } from './book.ts';
import type { Campaign, Refusal } from './campaign.ts';

export type ClaimDecision = { kind: 'granted' } | { kind: 'refused'; refusal: Refusal };

/**
 * Decides whether one follower takes one coupon of `campaign`, of which `claimed` are taken and `held` by this follower.
 *
 * Pure: the caller brings the state and the instant, so a replayed push is decided the same way. A refusal is an answer,
 * not an error. Whoever owns a coupon already is told so (and shown it) whatever else is true by now.
 */
export function decideClaim(campaign: Campaign, claimed: number, held: number, nowMs: number): ClaimDecision {
  assert(claimed <= campaign.stock, 'never more claims than stock');
  if (held >= campaign.limitPerUser) return { kind: 'refused', refusal: RefusalReason.LIMIT_REACHED };
  if (isOver(campaign, nowMs)) return { kind: 'refused', refusal: RefusalReason.OVER };
  if (campaign.status === CampaignStatus.PAUSED) return { kind: 'refused', refusal: RefusalReason.PAUSED };
  if (!isOpenYet(campaign, nowMs)) return { kind: 'refused', refusal: RefusalReason.NOT_OPEN_YET };
  if (claimed === campaign.stock) return { kind: 'refused', refusal: RefusalReason.SOLD_OUT };
  return { kind: 'granted' };
}
