import type { PoolClient } from 'pg';
import { packRules, unpackRules } from '../codec/coupon.ts';
import type { Campaign } from '../domain/campaign.ts';

type CampaignRow = {
  id: string;
  number: string;
  appid: string;
  name: string;
  keyword: string;
  match: number;
  kind: number;
  value_fen: string;
  percent: number;
  threshold_fen: string;
  cap_fen: string;
  rules: Buffer | null;
  limit_per_user: number;
  opens_at: Date | null;
  closes_at: Date | null;
  status: number;
  stock: string;
  claimed: string;
};

const fromRow = (row: CampaignRow): Campaign & { claimed: number } => ({
  id: row.id,
  number: Number(row.number),
  appid: row.appid,
  name: row.name,
  keyword: row.keyword,
  match: row.match as Campaign['match'],
  worth: {
    kind: row.kind as Campaign['worth']['kind'],
    valueFen: Number(row.value_fen),
    percent: row.percent,
    thresholdFen: Number(row.threshold_fen),
    capFen: Number(row.cap_fen),
  },
  rules: unpackRules(row.rules),
  limitPerUser: row.limit_per_user,
  opensAtMs: row.opens_at?.getTime(),
  closesAtMs: row.closes_at?.getTime(),
  status: row.status as Campaign['status'],
  stock: Number(row.stock),
  claimed: Number(row.claimed),
});

/** `client` is a pool or a transaction's client. */
type Queries = Pick<PoolClient, 'query'>;

/**
 * Locks the rule book and returns its version: shared by rounds of claims, alone (`exclusively`) for rounds with commands.
 * So no claim is decided while the campaigns it could mean are changing, and the journal's order is the real one.
 */
export async function lockRuleBook(client: PoolClient, exclusively: boolean): Promise<number> {
  const { rows } = await client.query<{ version: string }>(
    exclusively
      ? { name: 'rule-book-take', text: 'update rule_book set version = version + 1 returning version' }
      : { name: 'rule-book-share', text: 'select version from rule_book for share' },
  );
  return Number(rows[0]!.version);
}

/** Every campaign, in the order of creation. */
export async function loadCampaigns(client: Queries, appid?: string): Promise<(Campaign & { claimed: number })[]> {
  const { rows } = await client.query<CampaignRow>({
    text: 'select * from campaign where $1::text is null or appid = $1 order by number',
    values: [appid ?? null],
  });
  return rows.map(fromRow);
}

export async function loadCampaign(client: Queries, id: string): Promise<(Campaign & { claimed: number }) | undefined> {
  const { rows } = await client.query<CampaignRow>({ text: 'select * from campaign where id = $1', values: [id] });
  return rows[0] && fromRow(rows[0]);
}

/** Locks these campaigns' counts, in id order, until the transaction ends, and returns the coupons taken so far by campaign id. */
export async function lockClaimed(client: PoolClient, ids: string[]): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: string; claimed: string }>({
    name: 'campaign-lock',
    text: 'select id, claimed from campaign where id = any($1::text[]) order by id for no key update',
    values: [ids],
  });
  return new Map(rows.map(({ id, claimed }) => [id, Number(claimed)]));
}

/** Writes a campaign as it is now; the coupons taken stay as they are. */
export async function saveCampaign(client: PoolClient, c: Campaign): Promise<void> {
  const instant = (ms: number | undefined) => (ms === undefined ? null : new Date(ms));
  await client.query({
    text: `insert into campaign (id, number, appid, name, keyword, match, kind, value_fen, percent, threshold_fen, limit_per_user,
                                 opens_at, closes_at, status, stock, cap_fen, rules)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
           on conflict (id) do update set status = excluded.status, stock = excluded.stock`,
    values: [
      c.id,
      c.number,
      c.appid,
      c.name,
      c.keyword,
      c.match,
      c.worth.kind,
      c.worth.valueFen,
      c.worth.percent,
      c.worth.thresholdFen,
      c.limitPerUser,
      instant(c.opensAtMs),
      instant(c.closesAtMs),
      c.status,
      c.stock,
      c.worth.capFen,
      packRules(c.rules),
    ],
  });
}
