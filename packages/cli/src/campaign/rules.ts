import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppError } from '@lingquan/errors';
import { CouponRulesSchema } from '@lingquan/events/coupon.ts';
import type { CouponRules } from '@lingquan/events/coupon.ts';

/** When and for what a campaign's coupons may be used, as `campaign create` was told. Days and hours are Beijing's. */
export type RuleFlags = {
  validFrom?: Date | undefined;
  validUntil?: Date | undefined;
  validDays?: number | undefined;
  /** `1,2,3`; 0 is Sunday. */
  weekdays?: string | undefined;
  /** `09:00-12:00,14:00-18:00` */
  hours?: string | undefined;
  goods?: string | undefined;
  categories?: string | undefined;
  shops?: string | undefined;
};

/** The issuer's own bounds. */
const listMax = 200;
const nameMax = 64;

/** The rules, or undefined when nothing bounds the coupons. Throws `invalid`, saying which flag is wrong. */
export function rulesOf(flags: RuleFlags): CouponRules | undefined {
  if (Object.values(flags).every((value) => value === undefined)) return undefined;
  const { validFrom, validUntil, validDays = 0 } = flags;
  if (validFrom !== undefined && validUntil !== undefined && validFrom >= validUntil)
    refuse('--valid-until 要晚于 --valid-from · --valid-until must be later than --valid-from');
  return create(CouponRulesSchema, {
    ...(validFrom && { validFrom: timestampFromDate(validFrom) }),
    ...(validUntil && { validUntil: timestampFromDate(validUntil) }),
    validDays,
    weekdays: weekdaysOf(flags.weekdays),
    hours: hoursOf(flags.hours),
    scope: {
      goods: namesOf('--goods', flags.goods),
      categories: namesOf('--categories', flags.categories),
      shops: namesOf('--shops', flags.shops),
    },
  });
}

const partsOf = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((part) => part.trim() || []);

function weekdaysOf(text: string | undefined): number[] {
  const parts = partsOf(text);
  if (new Set(parts).size < parts.length || !parts.every((part) => /^[0-6]$/.test(part)))
    refuse(
      '--weekdays 要 0–6，0 是星期日，各一次，如 1,2,3 · --weekdays takes 0 to 6, 0 is Sunday, each once, such as 1,2,3',
    );
  return parts.map(Number).toSorted((a, b) => a - b);
}

const hoursForm = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/;
const minutesADay = 1440;

function hoursOf(text: string | undefined): { fromMinute: number; untilMinute: number }[] {
  const hours = partsOf(text).map((part) => {
    const [, fromHour, fromMinute, untilHour, untilMinute] = hoursForm.exec(part)?.map(Number) ?? [];
    return { fromMinute: fromHour! * 60 + fromMinute!, untilMinute: untilHour! * 60 + untilMinute! };
  });
  hours.sort((a, b) => a.fromMinute - b.fromMinute);
  const fit = hours.every(
    ({ fromMinute, untilMinute }, place) =>
      fromMinute < untilMinute && untilMinute <= minutesADay && fromMinute >= (hours[place - 1]?.untilMinute ?? 0),
  );
  if (!fit)
    refuse(
      '--hours 要一天之内、互不重叠的时段，如 09:00-12:00,14:00-18:00（跨夜写成两段）· --hours takes spans within a day that do not overlap (a night is two of them: 00:00-02:00,22:00-24:00)',
    );
  return hours;
}

function namesOf(flag: string, text: string | undefined): string[] {
  const names = partsOf(text);
  if (names.length > listMax) refuse(`${flag} 最多 ${listMax} 项 · ${flag} takes at most ${listMax}`);
  if (names.some((name) => name.length > nameMax))
    refuse(`${flag} 每项最多 ${nameMax} 个字 · each of ${flag} has at most ${nameMax} characters`);
  return [...new Set(names)];
}

function refuse(message: string): never {
  throw new AppError('invalid', message);
}
