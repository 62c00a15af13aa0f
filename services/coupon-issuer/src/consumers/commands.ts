import { timestampMs } from '@bufbuild/protobuf/wkt';
import { AppError } from '@lingquan/errors';
import { decode, envelopeOf } from '@lingquan/events';
import type { Envelope } from '@lingquan/events';
import { CouponCommandSchema, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { CampaignTerms } from '@lingquan/events/coupon.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import type { CampaignCommand } from '../domain/command.ts';

export type ReceivedCommand = { envelope: Envelope; command: CampaignCommand };

/** A record of coupon.commands, checked. Throws `invalid` on what is no command or breaks a bound. */
export function commandOf(record: IncomingRecord): ReceivedCommand {
  const { command } = decode(CouponCommandSchema, record.value);
  const envelope = envelopeOf(record.headers);
  switch (command.case) {
    case 'createCampaign':
      return {
        envelope,
        command: {
          kind: 'create',
          campaignId: campaignId(command.value.campaignId),
          terms: termsOf(command.value.terms),
        },
      };
    case 'pauseCampaign':
      return { envelope, command: { kind: 'pause', campaignId: campaignId(command.value.campaignId) } };
    case 'resumeCampaign':
      return { envelope, command: { kind: 'resume', campaignId: campaignId(command.value.campaignId) } };
    case 'changeStock':
      return {
        envelope,
        command: {
          kind: 'stock',
          campaignId: campaignId(command.value.campaignId),
          difference: whole(command.value.difference, 'difference', -COUNT_MAX),
        },
      };
    case undefined:
      throw new AppError('invalid', 'this command is of a kind not known here');
    default:
      return command satisfies never;
  }
}

const COUNT_MAX = 1_000_000_000_000;

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new AppError('invalid', what);
}

/** Neither unspecified nor from a newer schema. */
const isKnown = (names: Record<string, number>, value: number): boolean =>
  value !== 0 && Object.values(names).includes(value);

function campaignId(id: string): string {
  check(/^[A-Za-z0-9_-]{1,64}$/.test(id), 'campaign_id must be 1 to 64 of A-Z a-z 0-9 _ -');
  return id;
}

function whole(value: bigint, name: string, least = 0): number {
  check(value >= BigInt(least) && value <= BigInt(COUNT_MAX), `${name} must be from ${least} to ${COUNT_MAX}`);
  return Number(value);
}

/** Postgres takes no U+0000, and people take no other control characters. */
const isPlainText = (text: string, max: number) =>
  text.length > 0 && text.length <= max && text.trim() === text && !/\p{Cc}/u.test(text);

function termsOf(terms: CampaignTerms | undefined): (CampaignCommand & { kind: 'create' })['terms'] {
  check(terms !== undefined, 'terms are missing');
  const { appid, name, keyword, match, value, limitPerUser } = terms;
  check(/^[A-Za-z0-9_-]{1,64}$/.test(appid), 'appid must be 1 to 64 letters or digits');
  check(isPlainText(name, 100), 'name must be 1 to 100 characters without blanks around or control characters');
  check(isPlainText(keyword, 64), 'keyword must be 1 to 64 characters without blanks around or control characters');
  check(isKnown(KeywordMatch, match), 'match must be exact, contains or pattern');
  check(
    value !== undefined && isKnown(CouponKind, value.kind),
    'value.kind must be amount, threshold, percent or gift',
  );
  check(
    value.kind === CouponKind.PERCENT ? value.percent >= 1 && value.percent <= 100 : value.percent === 0,
    'percent must be 1 to 100 for the percent kind and 0 otherwise',
  );
  check(limitPerUser >= 1 && limitPerUser <= 1_000_000, 'limit_per_user must be from 1 to 1000000');
  const opensAtMs = terms.opensAt && timestampMs(terms.opensAt);
  const closesAtMs = terms.closesAt && timestampMs(terms.closesAt);
  check(
    opensAtMs === undefined || closesAtMs === undefined || opensAtMs < closesAtMs,
    'opens_at must be before closes_at',
  );
  const worth = {
    kind: value.kind,
    percent: value.percent,
    valueFen: whole(value.valueFen, 'value_fen'),
    thresholdFen: whole(value.thresholdFen, 'threshold_fen'),
  };
  return {
    appid,
    name,
    keyword,
    match,
    worth,
    limitPerUser,
    opensAtMs,
    closesAtMs,
    stock: whole(terms.stock, 'stock'),
  };
}
