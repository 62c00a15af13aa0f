import { CouponKind, UnusableReason } from '@lingquan/events/coupon.ts';
import type { CouponValue } from '@lingquan/events/coupon.ts';
import { fill, fillLines } from './fill.ts';
import { wordDate } from './moment.ts';
import { oneLine } from './one-line.ts';
import { templates, unusables } from './templates.ts';
import type { Language, UnusableMessage } from './templates.ts';
import { wordWorth, yuan } from './worth.ts';

/** What the words about a coupon that cannot be used may name. Zero, as protobuf has it, means not known. */
export type UnusableDetails = {
  /** Fen still missing. */
  missingFen?: bigint | number | undefined;
  /** Milliseconds since 1970: its end, its beginning, or when to try again. */
  atMs?: bigint | number | undefined;
  /** Milliseconds since 1970; without it the year is always named. */
  now?: number | undefined;
};

const messages: Record<UnusableReason, UnusableMessage> = {
  [UnusableReason.UNSPECIFIED]: 'unusable',
  [UnusableReason.UNKNOWN_CODE]: 'unknownCode',
  [UnusableReason.NOT_OWNER]: 'notOwner',
  [UnusableReason.LOCKED]: 'locked',
  [UnusableReason.REDEEMED]: 'redeemed',
  [UnusableReason.EXPIRED]: 'expired',
  [UnusableReason.REVOKED]: 'revoked',
  [UnusableReason.NOT_VALID_YET]: 'notValidYet',
  [UnusableReason.BELOW_THRESHOLD]: 'belowThreshold',
  [UnusableReason.WRONG_GOODS]: 'wrongGoods',
  [UnusableReason.WRONG_SHOP]: 'wrongShop',
  [UnusableReason.WRONG_DAY]: 'wrongDay',
  [UnusableReason.WRONG_HOUR]: 'wrongHour',
  [UnusableReason.AMOUNT_NEEDED]: 'amountNeeded',
  [UnusableReason.TOO_MANY_WRONG_CODES]: 'tooManyWrongCodes',
  [UnusableReason.OTHER_ORDER]: 'otherOrder',
};

/** Why a coupon cannot be used, in one sentence, for whoever wanted to use it: the follower or the cashier. */
export function wordUnusable(
  reason: UnusableReason,
  { missingFen, atMs, now = 0 }: UnusableDetails,
  language: Language,
): string {
  const values = {
    missing: missingFen ? yuan(BigInt(missingFen)) : undefined,
    at: atMs ? wordDate(Number(atMs), now, language) : undefined,
  };
  const lines = unusables[language][messages[reason] ?? 'unusable']; // a reason of a later version
  for (const line of lines) {
    const text = fill(line, values);
    if (text !== undefined) return text;
  }
  return unusables[language].unusable[0];
}

/** A coupon that was used up at a till. */
export type RedeemedCoupon = {
  campaignName: string;
  value: CouponValue | undefined;
  /** What it took off; 0 when the till did not say the sum. */
  discountFen: bigint | number;
};

/** What a till shows when a coupon was taken: its campaign, its worth, and what it took off. */
export function wordRedeemed({ campaignName, value, discountFen }: RedeemedCoupon, language: Language): string {
  const isGift = value?.kind === CouponKind.GIFT;
  return fillLines(templates[language][isGift ? 'redeemedGift' : 'redeemed'], {
    campaign: oneLine(campaignName),
    worth: wordWorth(value, language),
    off: discountFen ? yuan(BigInt(discountFen)) : undefined,
  });
}
