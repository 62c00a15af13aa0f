import { CampaignStatus, RefusalReason } from '@lingquan/events/coupon.ts';

/** Everything a claim is decided from. */
export type Standing = {
  stock: number;
  claims: number;
  limit: number;
  /** Coupons of the campaign this follower holds. */
  held: number;
  status: CampaignStatus;
  opensAtMs: number;
  overAtMs: number;
  timeMs: number;
};

/**
 * What a claim must come to: 0 for a coupon, else the reason of its refusal. The promise written once more, apart from the issuer's own
 * rules, so that the proof does not lean on what it proves.
 */
export function dueOutcome({
  stock,
  claims,
  limit,
  held,
  status,
  opensAtMs,
  overAtMs,
  timeMs,
}: Standing): RefusalReason {
  if (held >= limit) return RefusalReason.LIMIT_REACHED;
  if (timeMs >= overAtMs) return RefusalReason.OVER;
  if (status === CampaignStatus.PAUSED) return RefusalReason.PAUSED;
  if (timeMs < opensAtMs) return RefusalReason.NOT_OPEN_YET;
  if (claims >= stock) return RefusalReason.SOLD_OUT;
  return RefusalReason.UNSPECIFIED;
}

/** A refusal's reason as the schema names it, in small letters. */
export const reasonName = (reason: number): string =>
  Object.entries(RefusalReason)
    .find(([, value]) => value === reason)?.[0]
    .toLowerCase() ?? String(reason);
