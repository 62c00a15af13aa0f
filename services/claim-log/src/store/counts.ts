import { asAppError } from '@lingquan/postgres';
import type { Pool } from 'pg';

export type CountRow = { campaign_id: string; type: string; reason: string; events: string };

/** How many events of each type and reason name this campaign, or every campaign; in campaign order. */
export async function loadCounts(pool: Pool, campaignId?: string): Promise<CountRow[]> {
  const one = campaignId !== undefined;
  const { rows } = await pool
    .query<CountRow>(
      `select campaign_id, type, reason, events from campaign_count ${one ? 'where campaign_id = $1' : ''}
       order by campaign_id, type, reason`,
      one ? [campaignId] : [],
    )
    .catch((error: unknown) => {
      throw asAppError(error);
    });
  return rows;
}
