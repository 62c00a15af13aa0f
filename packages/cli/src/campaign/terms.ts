import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppError } from '@lingquan/errors';
import { CampaignTermsSchema, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { CampaignTerms, CouponValueSchema } from '@lingquan/events/coupon.ts';
import { rulesOf } from './rules.ts';
import type { RuleFlags } from './rules.ts';

/** What `campaign create` was told. */
export type CampaignFlags = {
  appid: string;
  keyword: string;
  match: MatchName;
  name: string;
  kind: KindName;
  /** Fen off, for percent the percentage, for gift its price. */
  valueFen: number;
  /** Smallest order in fen; for the threshold kind an order must at least be worth the coupon, which is its default. */
  thresholdFen?: number | undefined;
  /** Most fen a percentage takes off. */
  capFen?: number | undefined;
  stock: number;
  limit: number;
  opensAt?: Date | undefined;
  closesAt?: Date | undefined;
  rules?: RuleFlags;
};

export const kinds = {
  amount: CouponKind.AMOUNT,
  threshold: CouponKind.THRESHOLD,
  percent: CouponKind.PERCENT,
  gift: CouponKind.GIFT,
} as const;
export type KindName = keyof typeof kinds;

export const matches = {
  exact: KeywordMatch.EXACT,
  contains: KeywordMatch.CONTAINS,
  pattern: KeywordMatch.PATTERN,
} as const;
export type MatchName = keyof typeof matches;

/** The issuer's own bounds, so that what is wrong is said here and not found among its dead letters. */
export const countMax = 1_000_000_000_000;
const keywordMax = 64;
const nameMax = 100;
const appidForm = /^[A-Za-z0-9_-]{1,64}$/;

/** The terms of a new campaign. Throws `invalid`, saying which flag is wrong and what it should be. */
export function termsOf(flags: CampaignFlags): CampaignTerms {
  const { appid, opensAt, closesAt } = flags;
  if (!appidForm.test(appid)) refuse('--appid 只有字母、数字、_、- · --appid is letters, digits, _ and -');
  if (opensAt !== undefined && closesAt !== undefined && opensAt >= closesAt)
    refuse('--closes-at 要晚于 --opens-at · --closes-at must be later than --opens-at');
  const rules = rulesOf(flags.rules ?? {});
  return create(CampaignTermsSchema, {
    appid,
    keyword: textOf('--keyword', flags.keyword, keywordMax),
    name: textOf('--name', flags.name, nameMax),
    match: matches[flags.match],
    value: valueOf(flags),
    stock: BigInt(flags.stock),
    limitPerUser: flags.limit,
    ...(opensAt && { opensAt: timestampFromDate(opensAt) }),
    ...(closesAt && { closesAt: timestampFromDate(closesAt) }),
    ...(rules && { rules }),
  });
}

// oxlint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u001f\u007f]/;

function textOf(flag: string, given: string, lengthMax: number): string {
  const text = given.trim();
  if (text === '') refuse(`${flag} 不能为空 · ${flag} must not be empty`);
  if (text.length > lengthMax) refuse(`${flag} 最多 ${lengthMax} 个字 · ${flag} has at most ${lengthMax} characters`);
  if (controlCharacters.test(text)) refuse(`${flag} 不能有换行等控制字符 · ${flag} must not hold control characters`);
  return text;
}

function valueOf({
  kind,
  valueFen,
  thresholdFen = 0,
  capFen,
}: CampaignFlags): MessageInitShape<typeof CouponValueSchema> {
  if (kind !== 'percent' && capFen !== undefined)
    refuse('--cap-fen 只用于 --kind percent · --cap-fen belongs to --kind percent only');
  const bound = { thresholdFen: BigInt(thresholdFen) };
  switch (kind) {
    case 'amount':
      if (valueFen < 1) refuse('--value-fen 要大于 0 · --value-fen must be more than 0');
      return { kind: kinds.amount, valueFen: BigInt(valueFen), ...bound };
    case 'threshold':
      if (valueFen < 1) refuse('--value-fen 要大于 0 · --value-fen must be more than 0');
      if (thresholdFen > 0 && thresholdFen < valueFen)
        refuse('--threshold-fen 不能小于 --value-fen · --threshold-fen must not be less than --value-fen');
      return { kind: kinds.threshold, valueFen: BigInt(valueFen), thresholdFen: BigInt(thresholdFen || valueFen) };
    case 'percent':
      if (valueFen < 1 || valueFen > 100)
        refuse(
          '--kind percent 时 --value-fen 是减百分之几，1–100 · with --kind percent --value-fen is the percentage off, 1 to 100',
        );
      return { kind: kinds.percent, percent: valueFen, capFen: BigInt(capFen ?? 0), ...bound };
    case 'gift':
      return { kind: kinds.gift, valueFen: BigInt(valueFen), ...bound };
    default:
      return kind satisfies never;
  }
}

function refuse(message: string): never {
  throw new AppError('invalid', message);
}
