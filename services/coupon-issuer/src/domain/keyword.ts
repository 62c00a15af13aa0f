import { KeywordMatch } from '@lingquan/events/coupon.ts';
import type { Campaign } from './campaign.ts';

/** What a follower did that may ask for a coupon: a text they typed, or the key of a menu tap, a scan or a follow. */
export type Trigger = { kind: 'text' | 'key'; value: string };

/** Whether `campaign` answers this trigger. A text matches as the campaign's rule says, a key only when it equals the keyword. */
export function answers(campaign: Campaign, trigger: Trigger): boolean {
  if (trigger.value === '') return false;
  if (trigger.value === campaign.keyword) return true;
  if (trigger.kind === 'key') return false;
  switch (campaign.match) {
    case KeywordMatch.CONTAINS:
      return trigger.value.includes(campaign.keyword);
    case KeywordMatch.PATTERN:
      return matchesPattern(campaign.keyword, trigger.value);
    default: // exact, and what a newer schema may bring
      return false;
  }
}

/**
 * Whether the whole text fits the pattern: `*` any run of characters, `?` any one. Time is at most the product of the two
 * lengths, whatever the pattern (no backtracking over more than the last `*`), so a hostile text costs nothing.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const signs = [...pattern];
  const characters = [...text];
  let sign = 0;
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < characters.length) {
    if (signs[sign] === '*') {
      star = sign++;
      resumeAt = at;
    } else if (sign < signs.length && (signs[sign] === '?' || signs[sign] === characters[at])) {
      sign++;
      at++;
    } else if (star >= 0) {
      sign = star + 1;
      at = ++resumeAt;
    } else {
      return false;
    }
  }
  while (signs[sign] === '*') sign++;
  return sign === signs.length;
}
