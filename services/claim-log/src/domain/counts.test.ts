import { expect, test } from '@jest/globals';
import { sumUp } from './counts.ts';

test('claims and refusals are summed by campaign; other events only make the campaign known', () => {
  const row = (campaign_id: string, type: string, reason: string, events: string) => ({
    campaign_id,
    type,
    reason,
    events,
  });
  expect(
    sumUp([
      row('a', 'campaign.created', '', '1'),
      row('a', 'coupon.claim_refused', 'over', '2'),
      row('a', 'coupon.claim_refused', 'sold_out', '3'),
      row('a', 'coupon.claimed', '', '50'),
      row('b', 'campaign.created', '', '1'),
    ]),
  ).toEqual([
    { campaignId: 'a', claimed: 50, refused: 5, refusedByReason: { over: 2, sold_out: 3 } },
    { campaignId: 'b', claimed: 0, refused: 0, refusedByReason: {} },
  ]);
});
