import { AppError } from '@lingquan/errors';
import { asAppError, inTransaction } from '@lingquan/postgres';
import type { Pool } from 'pg';

export type WebhookState = 'active' | 'paused' | 'gone';

export type WebhookRow = {
  id: string;
  owner: string;
  url: string;
  types: string[] | null;
  campaign_id: string | null;
  description: string | null;
  state: WebhookState;
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_until: Date | null;
  next_number: string;
  created_at: Date;
};

/** What its owner says of a webhook. */
export type WebhookTerms = {
  url: string;
  types: string[] | null;
  campaignId: string | null;
  description: string | null;
};

/** A webhook, how many deliveries it has waiting, and how many of them were tried. */
export type WebhookOverview = WebhookRow & { pending: string; retrying: string };

export type WebhookStore = ReturnType<typeof webhookStore>;

const OVERVIEW = `select w.*, d.pending, d.retrying from webhook w cross join lateral (
    select count(*) as pending, count(*) filter (where attempts > 0) as retrying
    from webhook_delivery where webhook_id = w.id and state = 'pending') d`;

export function webhookStore(pool: Pool) {
  const rows = async <R extends object>(text: string, values: unknown[]): Promise<R[]> => {
    const result = await pool.query<R>(text, values).catch((error: unknown) => {
      throw asAppError(error);
    });
    return result.rows;
  };
  return {
    /** Throws `conflict` when there are `countMax` already. */
    create: async (
      id: string,
      owner: string,
      { url, types, campaignId, description }: WebhookTerms,
      { secret, number, countMax }: { secret: Buffer; number: number; countMax: number },
    ): Promise<void> => {
      const made = await rows(
        `insert into webhook (id, owner, url, types, campaign_id, description, secret, next_number)
         select $1, $2, $3, $4, $5, $6, $7, $8 where (select count(*) from webhook) < $9 returning id`,
        [id, owner, url, types, campaignId, description, secret, number, countMax],
      );
      if (made.length === 0)
        throw new AppError('conflict', `there are ${countMax} webhooks already (WEBHOOKS_MAX); delete one first`);
    },
    /** Those of `owner`, and those nobody of `owners` has; the oldest first. */
    list: (owner: string, owners: string[]) =>
      rows<WebhookOverview>(`${OVERVIEW} where w.owner = $1 or w.owner <> all($2) order by w.created_at, w.id`, [
        owner,
        owners,
      ]),
    find: async (id: string): Promise<WebhookOverview | undefined> =>
      (await rows<WebhookOverview>(`${OVERVIEW} where w.id = $1`, [id]))[0],
    /** Those messages are sent for: active, and of an owner who may have them. */
    served: (owners: string[]) =>
      rows<WebhookRow>(`select * from webhook where state = 'active' and owner = any($1)`, [owners]),
    change: (id: string, { url, types, campaignId, description }: WebhookTerms, state: WebhookState) =>
      rows('update webhook set url = $2, types = $3, campaign_id = $4, description = $5, state = $6 where id = $1', [
        id,
        url,
        types,
        campaignId,
        description,
        state,
      ]),
    /** The secret there was signs beside the new one for `keepMs`. */
    rotate: (id: string, secret: Buffer, keepMs: number) =>
      rows(
        `update webhook set secret = $2, previous_secret = secret, previous_until = now() + $3 * interval '1 ms' where id = $1`,
        [id, secret, keepMs],
      ),
    remove: (id: string) => rows('delete from webhook where id = $1', [id]),
    /** Everything from `number` on is sent again; what waits to be sent of it is dropped, so that it is not sent twice. */
    rewind: (id: string, number: number): Promise<void> =>
      inTransaction(pool, async (client, last) => {
        last(client.query('update webhook set next_number = least(next_number, $2) where id = $1', [id, number]));
        last(
          client.query(`delete from webhook_delivery where webhook_id = $1 and state = 'pending' and number >= $2`, [
            id,
            number,
          ]),
        );
      }),
  };
}
