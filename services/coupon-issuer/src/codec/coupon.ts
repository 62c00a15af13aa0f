import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { CouponRulesSchema, CouponValueSchema, DiscountSchema } from '@lingquan/events/coupon.ts';
import type { CouponRules, CouponValue } from '@lingquan/events/coupon.ts';
import type { CouponWorth } from '../domain/campaign.ts';
import type { Discount } from '../domain/discount.ts';
import { withoutBounds } from '../domain/rules.ts';
import type { Rules } from '../domain/rules.ts';

/** Our words for a coupon in the schema's, for what is published and for what is stored as bytes. */

export function valueMessage(worth: CouponWorth): CouponValue {
  let message = valueMessages.get(worth);
  if (message === undefined) {
    const { kind, percent, valueFen, thresholdFen, capFen } = worth;
    message = create(CouponValueSchema, {
      kind,
      percent,
      valueFen: BigInt(valueFen),
      thresholdFen: BigInt(thresholdFen),
      capFen: BigInt(capFen),
    });
    valueMessages.set(worth, message);
  }
  return message;
}

/** A campaign's coupons share their worth, so it is put into words once. */
const valueMessages = new WeakMap<CouponWorth, CouponValue>();

export const rulesMessage = (rules: Rules): MessageInitShape<typeof CouponRulesSchema> => ({
  ...(rules.validFromMs === undefined ? {} : { validFrom: timestampFromMs(rules.validFromMs) }),
  ...(rules.validUntilMs === undefined ? {} : { validUntil: timestampFromMs(rules.validUntilMs) }),
  validDays: rules.validDays,
  weekdays: rules.weekdays,
  hours: rules.hours,
  scope: rules.scope,
});

/** As they are, unchecked. */
export const rulesOf = ({ validFrom, validUntil, validDays, weekdays, hours, scope }: CouponRules): Rules => ({
  validFromMs: validFrom && timestampMs(validFrom),
  validUntilMs: validUntil && timestampMs(validUntil),
  validDays,
  weekdays,
  hours: hours.map(({ fromMinute, untilMinute }) => ({ fromMinute, untilMinute })),
  scope: { goods: scope?.goods ?? [], categories: scope?.categories ?? [], shops: scope?.shops ?? [] },
});

export const setsNoBound = ({ validFromMs, validUntilMs, validDays, weekdays, hours, scope }: Rules): boolean =>
  validFromMs === undefined &&
  validUntilMs === undefined &&
  validDays + weekdays.length + hours.length === 0 &&
  scope.goods.length + scope.categories.length + scope.shops.length === 0;

/** Bytes for a column; null when they set no bound, which costs claims nothing. */
export const packRules = (rules: Rules): Buffer | null =>
  setsNoBound(rules) ? null : Buffer.from(toBinary(CouponRulesSchema, create(CouponRulesSchema, rulesMessage(rules))));

export const unpackRules = (bytes: Buffer | null): Rules =>
  bytes === null ? withoutBounds : rulesOf(fromBinary(CouponRulesSchema, bytes));

export const discountMessage = ({ totalFen, lineFen }: Discount): MessageInitShape<typeof DiscountSchema> => ({
  totalFen: BigInt(totalFen),
  lineFen: lineFen.map(BigInt),
});

export const packDiscount = (discount: Discount): Buffer =>
  Buffer.from(toBinary(DiscountSchema, create(DiscountSchema, discountMessage(discount))));

export function unpackDiscount(bytes: Buffer): Discount {
  const { totalFen, lineFen } = fromBinary(DiscountSchema, bytes);
  return { totalFen: Number(totalFen), lineFen: lineFen.map(Number) };
}
