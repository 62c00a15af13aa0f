import { startCheck } from '../audit/check.ts';
import type { CheckResult } from '../audit/check.ts';
import type { Campaign } from './campaigns.ts';
import { campaignDigits, isSound } from './check-digit.ts';
import { bytesOf, doubles, words } from './columns.ts';
import { keyTable } from './key-table.ts';
import { outcomeText } from './outcomes.ts';
import type { OutcomeIndex } from './outcomes.ts';
import type { OutcomeFact } from './read-fact.ts';

export type CouponIndex = number;

export type Coupons = ReturnType<typeof startCoupons>;

/**
 * Coupons by their codes: no code twice, each with its right check digit and its campaign's own digits. (The serial behind a code cannot be
 * seen without the secret; as the code is a permutation of it, different codes of a campaign are different serials.) About 30 bytes each.
 */
export function startCoupons(expected: number) {
  const codes = keyTable(expected);
  const claims = words(expected);
  const expiries = doubles(expected);
  const digits = new Map<string, Campaign>();
  const digitsOf = new Map<Campaign, string>();
  const check = startCheck('codes', '券码唯一 codes are unique and sound');

  function checkDigits(code: string, campaign: Campaign, where: string): void {
    if (!isSound(code)) return check.found(`${code}: 校验位不对 not a code, its check digit is wrong, ${where}`);
    const own = campaignDigits(code);
    const before = digitsOf.get(campaign);
    if (before === undefined && !digits.has(own)) {
      digitsOf.set(campaign, own);
      digits.set(own, campaign);
    } else if (before !== own)
      check.found(
        `${code}: 活动号不对 the digits of ${digits.get(own)?.id ?? 'no campaign'} on a coupon of ${campaign.id}, ${where}`,
      );
  }

  return {
    /** A coupon was claimed. `placeOfClaim` tells where another's fact stands. */
    claimed(
      fact: OutcomeFact,
      { index, campaign }: { index: OutcomeIndex; campaign: Campaign },
      placeOfClaim: (index: OutcomeIndex) => number,
    ): void {
      check.looked();
      const where = outcomeText(fact.place);
      checkDigits(fact.code, campaign, where);
      const coupon = codes.put(fact.code);
      const other = claims.get(coupon);
      if (other !== 0)
        return check.found(
          `${fact.code}: 同码两券 one code, two coupons: ${outcomeText(placeOfClaim(other - 1))} 和 and ${where}`,
        );
      claims.set(coupon, index + 1);
      if (fact.expiresAtMs !== 0) expiries.set(coupon, fact.expiresAtMs);
    },
    /** The coupon with this code, claimed or not. */
    coupon: (code: string): CouponIndex => codes.put(code),
    find: (code: string): CouponIndex | undefined => codes.find(code),
    size: () => codes.size(),
    /** The outcome that gave it out; undefined when none did. */
    claim(coupon: CouponIndex): OutcomeIndex | undefined {
      const claim = claims.get(coupon);
      return claim === 0 ? undefined : claim - 1;
    },
    /** Infinity: never. */
    expiresAtMs: (coupon: CouponIndex): number => expiries.get(coupon) || Infinity,
    bytes: () => bytesOf([codes, claims, expiries]),
    result: (): CheckResult => check.result(),
  };
}
