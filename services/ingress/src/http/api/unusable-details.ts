import { UnusableReason } from '@lingquan/events/coupon.ts';
import type { Unusable } from '@lingquan/events/coupon.ts';
import { wordUnusable } from '@lingquan/wording';
import { reasonName } from '../../domain/unusable.ts';
import type { RefusalDetails } from './refusal.ts';

/** Why a coupon cannot be used, for an answer in JSON: the reason, what its words need, and the words in both languages. */
export function unusableDetails(unusable: Unusable | undefined, now: number): RefusalDetails {
  const { reason = UnusableReason.UNSPECIFIED, missingFen = 0n, atMs = 0n } = unusable ?? {};
  const say = (language: 'zh' | 'en') => wordUnusable(reason, { missingFen, atMs, now }, language);
  return {
    reason: reasonName(reason),
    message: `${say('zh')} · ${say('en')}`,
    ...(missingFen > 0n && { missingFen: Number(missingFen) }),
    ...(atMs > 0n && { at: new Date(Number(atMs)).toISOString() }),
  };
}
