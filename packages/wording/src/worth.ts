import { CouponKind } from '@lingquan/events/coupon.ts';
import type { CouponValue } from '@lingquan/events/coupon.ts';
import { fill } from './fill.ts';
import { bounds, worths } from './templates.ts';
import type { Language } from './templates.ts';

/** What a coupon is worth, for a sentence: 满30减5, 8折，最多减20元, 立减5元. */
export function wordWorth(value: CouponValue | undefined, language: Language): string {
  const kind = nameOf(value);
  if (value === undefined || kind === undefined) return worths[language].unknown;
  const { valueFen, thresholdFen, percent, capFen } = value;
  const pieces = {
    value: yuan(valueFen),
    threshold: yuan(thresholdFen),
    percent,
    fold: fold(percent),
    cap: yuan(capFen),
  };
  const isCapped = value.kind === CouponKind.PERCENT && capFen > 0n;
  const isBound = kind !== 'threshold' && thresholdFen > 0n;
  const template =
    worths[language][kind] + (isCapped ? bounds[language].cap : '') + (isBound ? bounds[language].threshold : '');
  return fill(template, pieces) ?? worths[language].unknown;
}

function nameOf(value: CouponValue | undefined): keyof (typeof worths)['zh'] | undefined {
  switch (value?.kind) {
    case CouponKind.AMOUNT:
      return value.thresholdFen > 0n ? 'threshold' : 'amount';
    case CouponKind.THRESHOLD:
      return 'threshold';
    case CouponKind.PERCENT:
      return value.percent >= 100 ? 'free' : 'percent';
    case CouponKind.GIFT:
      return value.valueFen > 0n ? 'gift' : 'plainGift';
    case CouponKind.UNSPECIFIED:
    case undefined:
    default: // a kind of a later version
      return undefined;
  }
}

/** Fen as yuan without superfluous zeros: 500 is 5, 550 is 5.5, 505 is 5.05. In integers: money is never a float. */
export function yuan(fen: bigint): string {
  const cents = String(fen % 100n).padStart(2, '0');
  const fraction = cents.replace(/0+$/, '');
  return fraction === '' ? String(fen / 100n) : `${fen / 100n}.${fraction}`;
}

/** Percent off as Chinese counts it, tenths still to pay: 20 off is 8, 15 off is 8.5. */
export function fold(percentOff: number): string {
  const left = 100 - percentOff;
  return left % 10 === 0 ? String(left / 10) : `${Math.floor(left / 10)}.${left % 10}`;
}
