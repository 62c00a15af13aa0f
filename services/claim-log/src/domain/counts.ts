/** What a campaign's events come to. */
export type CampaignCounts = {
  campaignId: string;
  claimed: number;
  refused: number;
  refusedByReason: Record<string, number>;
};

type Count = { campaign_id: string; type: string; reason: string; events: string };

/** One entry per campaign, in the order of the rows. */
export function sumUp(rows: Count[]): CampaignCounts[] {
  const campaigns = new Map<string, CampaignCounts>();
  for (const { campaign_id: campaignId, type, reason, events } of rows) {
    const counts = campaigns.get(campaignId) ?? { campaignId, claimed: 0, refused: 0, refusedByReason: {} };
    campaigns.set(campaignId, counts);
    if (type === 'coupon.claimed') counts.claimed += Number(events);
    if (type === 'coupon.claim_refused') {
      counts.refused += Number(events);
      counts.refusedByReason[reason] = Number(events);
    }
  }
  return [...campaigns.values()];
}
