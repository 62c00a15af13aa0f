import { CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { CampaignTerms, CouponRules, CouponValue } from '@lingquan/events/coupon.ts';
import { rulesOf } from '../codec/coupon.ts';
import type { CouponWorth } from '../domain/campaign.ts';
import type { CampaignCommand } from '../domain/command.ts';
import { withoutBounds } from '../domain/rules.ts';
import type { Rules } from '../domain/rules.ts';
import { check, identifier, instant, isKnown, isPlainText, plainText, whole } from './checks.ts';

const LIST_MAX = 200;
const NAME_MAX = 64;
const DAYS_MAX = 3650;
const MINUTES_A_DAY = 1440;

/** What a campaign promises, checked. Throws `invalid`. */
export function termsOf(terms: CampaignTerms | undefined): (CampaignCommand & { kind: 'create' })['terms'] {
  check(terms !== undefined, 'terms are missing');
  const { match, limitPerUser } = terms;
  check(isKnown(KeywordMatch, match), 'match must be exact, contains or pattern');
  check(limitPerUser >= 1 && limitPerUser <= 1_000_000, 'limit_per_user must be from 1 to 1000000');
  const opensAtMs = terms.opensAt && instant(terms.opensAt, 'opens_at');
  const closesAtMs = terms.closesAt && instant(terms.closesAt, 'closes_at');
  check(isAscending(opensAtMs, closesAtMs), 'opens_at must be before closes_at');
  return {
    appid: identifier(terms.appid, 'appid'),
    name: plainText(terms.name, 'name', 100),
    keyword: plainText(terms.keyword, 'keyword', 64),
    match,
    worth: worthOf(terms.value),
    rules: terms.rules === undefined ? withoutBounds : checkedRules(terms.rules),
    limitPerUser,
    opensAtMs,
    closesAtMs,
    stock: whole(terms.stock, 'stock'),
  };
}

const isAscending = (from: number | undefined, until: number | undefined): boolean =>
  from === undefined || until === undefined || from < until;

function worthOf(value: CouponValue | undefined): CouponWorth {
  check(
    value !== undefined && isKnown(CouponKind, value.kind),
    'value.kind must be amount, threshold, percent or gift',
  );
  const { kind, percent } = value;
  const isPercent = kind === CouponKind.PERCENT;
  check(
    isPercent ? percent >= 1 && percent <= 100 : percent === 0,
    'percent must be 1 to 100 for the percent kind and 0 otherwise',
  );
  const capFen = whole(value.capFen, 'cap_fen');
  check(isPercent || capFen === 0, 'cap_fen is for the percent kind');
  const thresholdFen = whole(value.thresholdFen, 'threshold_fen');
  check(kind !== CouponKind.THRESHOLD || thresholdFen > 0, 'threshold_fen must be set for the threshold kind');
  return { kind, percent, valueFen: whole(value.valueFen, 'value_fen'), thresholdFen, capFen };
}

function checkedRules(message: CouponRules): Rules {
  if (message.validFrom !== undefined) instant(message.validFrom, 'valid_from');
  if (message.validUntil !== undefined) instant(message.validUntil, 'valid_until');
  const rules = rulesOf(message);
  const { validFromMs, validUntilMs, validDays, weekdays, hours, scope } = rules;
  check(isAscending(validFromMs, validUntilMs), 'valid_from must be before valid_until');
  check(validDays <= DAYS_MAX, `valid_days must be at most ${DAYS_MAX}`);
  check(
    new Set(weekdays).size === weekdays.length && weekdays.every((day) => day <= 6),
    'weekdays must be from 0 (Sunday) to 6, each once',
  );
  check(hours.length <= LIST_MAX, `hours must be at most ${LIST_MAX}`);
  let earliest = 0;
  for (const { fromMinute, untilMinute } of hours) {
    check(
      fromMinute >= earliest && fromMinute < untilMinute && untilMinute <= MINUTES_A_DAY,
      `hours must be within 0 to ${MINUTES_A_DAY} minutes, ascending and apart`,
    );
    earliest = untilMinute;
  }
  for (const [name, list] of Object.entries(scope)) {
    check(list.length <= LIST_MAX, `scope.${name} must be at most ${LIST_MAX}`);
    check(
      list.every((entry) => isPlainText(entry, NAME_MAX)),
      `entries of scope.${name} must be 1 to ${NAME_MAX} characters without blanks around or control characters`,
    );
  }
  return rules;
}
