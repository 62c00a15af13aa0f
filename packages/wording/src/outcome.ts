import { timestampMs } from '@bufbuild/protobuf/wkt';
import { RefusalReason } from '@lingquan/events/coupon.ts';
import type { CouponClaimRefused, CouponClaimed } from '@lingquan/events/coupon.ts';
import type { Reply } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { fillLines } from './fill.ts';
import { wordDate } from './moment.ts';
import { oneLine } from './one-line.ts';
import { templates } from './templates.ts';
import type { Language, Message } from './templates.ts';
import { wordWorth } from './worth.ts';

/** `now` is milliseconds since 1970: whether a year need be named depends on it. */
export type WordingOptions = { language: Language; now: number };

/**
 * An outcome in words for the follower, a few short lines; undefined when nothing is due. A text with a code holds one line
 * that is exactly `券码：` and the code.
 */
export function wordOutcome(outcome: Reply['outcome'], options: WordingOptions): string | undefined {
  switch (outcome.case) {
    case 'claimed':
      return wordClaimed(outcome.value, options);
    case 'refused':
      return wordRefused(outcome.value, options);
    case 'noRule':
    case 'redemption': // answers to tills and shops, not to followers
    case 'order':
    case 'refund':
    case undefined:
      return undefined;
    default:
      return outcome satisfies never;
  }
}

function wordClaimed(
  { code, campaignName, value, closesAt, expiresAt }: CouponClaimed,
  { language, now }: WordingOptions,
): string {
  const end = expiresAt ?? closesAt; // said by versions before coupons had a time of their own
  return fillLines(templates[language].claimed, {
    code,
    campaign: oneLine(campaignName),
    worth: wordWorth(value, language),
    until: end && wordDate(timestampMs(end), now, language),
  });
}

function wordRefused(refused: CouponClaimRefused, { language, now }: WordingOptions): string {
  const { campaignName, firstCode, value, opensAt } = refused;
  return fillLines(templates[language][messageOf(refused)], {
    code: firstCode,
    campaign: oneLine(campaignName),
    worth: wordWorth(value, language),
    opens: opensAt && wordDate(timestampMs(opensAt), now, language),
  });
}

function messageOf({ reason, firstCode, opensAt }: CouponClaimRefused): Message {
  switch (reason) {
    case RefusalReason.LIMIT_REACHED:
      return firstCode === '' ? 'limitReached' : 'alreadyClaimed';
    case RefusalReason.SOLD_OUT:
      return 'soldOut';
    case RefusalReason.NOT_OPEN_YET:
      return opensAt === undefined ? 'notOpenYetUndated' : 'notOpenYet';
    case RefusalReason.OVER:
      return 'over';
    case RefusalReason.PAUSED:
      return 'paused';
    case RefusalReason.NOT_ENTITLED:
      return 'notEntitled';
    case RefusalReason.UNSPECIFIED:
    default: // a reason of a later version
      return 'refused';
  }
}
