import { arrayLiteral } from '@lingquan/postgres';
import type { PoolClient } from 'pg';
import type { Refusal } from '../domain/campaign.ts';
import { holdingKey } from '../domain/attempt.ts';
import type { Holding, Outcome, Settled } from '../domain/attempt.ts';
import type { RuleBook } from '../domain/book.ts';
import { expiryOf } from '../domain/rules.ts';

type ClaimRow = { event_id: string; campaign_id: string; decided_at: Date; refusal: number; code: string | null };

const claimOf = (row: ClaimRow, book: RuleBook): Outcome => {
  const campaign = book.byId.get(row.campaign_id)!;
  const coupon = { serial: 0, code: row.code ?? '' };
  return row.refusal === 0
    ? { kind: 'granted', campaign, coupon, expiresAtMs: expiryOf(campaign, row.decided_at.getTime()) }
    : { kind: 'refused', campaign, refusal: row.refusal as Refusal, shown: row.code === null ? undefined : coupon };
};

/** Outcomes of those pushes among `eventIds` that were decided before, by event id. */
export async function loadDecided(
  client: Pick<PoolClient, 'query'>,
  eventIds: string[],
  book: RuleBook,
): Promise<Map<string, Outcome>> {
  const { rows } = await client.query<ClaimRow>({
    name: 'claim-decided',
    text: 'select event_id, campaign_id, decided_at, refusal, code from claim where event_id = any($1::uuid[])',
    values: [eventIds],
  });
  return new Map(rows.map((row) => [row.event_id, claimOf(row, book)]));
}

/** What these followers hold of these campaigns, by holdingKey. Right only while the campaigns are locked. */
export async function loadHoldings(
  client: PoolClient,
  pairs: { campaignId: string; openid: string }[],
): Promise<Map<string, Holding>> {
  const { rows } = await client.query<{
    campaign_id: string;
    openid: string;
    count: string;
    serial: string;
    code: string;
  }>({
    name: 'coupon-holdings',
    text: `select asked.campaign_id, asked.openid, held.count, held.serial, held.code
           from (select distinct * from unnest($1::text[], $2::text[]) as pairs (campaign_id, openid)) asked
           cross join lateral (
             select count(*) as count, min(serial) as serial, (array_agg(code order by serial))[1] as code
             from coupon where campaign_id = asked.campaign_id and openid = asked.openid) held
           where held.count > 0`,
    values: [pairs.map(({ campaignId }) => campaignId), pairs.map(({ openid }) => openid)],
  });
  return new Map(
    rows.map((row) => [
      holdingKey(row.campaign_id, row.openid),
      { count: Number(row.count), first: { serial: Number(row.serial), code: row.code } },
    ]),
  );
}

/** The code an outcome shows the follower, if any. */
export const shownCode = (outcome: Outcome): string | undefined => {
  if (outcome.kind === 'no rule') return undefined;
  return outcome.kind === 'granted' ? outcome.coupon.code : outcome.shown?.code;
};

/** Claims of a round mostly share their times. */
let lastTime = { ms: 0, iso: new Date(0).toISOString() };

function isoOf(ms: number): string {
  if (lastTime.ms !== ms) lastTime = { ms, iso: new Date(ms).toISOString() };
  return lastTime.iso;
}

/** Writes a round's attempts, new coupons and counts in one statement. Repeats and unanswered pushes are not among `settled`. */
export async function saveClaims(client: PoolClient, settled: Settled[], claimed: Map<string, number>): Promise<void> {
  const answered = settled.flatMap(({ attempt, outcome }) =>
    outcome.kind === 'no rule' ? [] : [{ attempt, outcome }],
  );
  const granted = answered.flatMap(({ attempt, outcome }) =>
    outcome.kind === 'granted' ? [{ attempt, ...outcome }] : [],
  );
  await client.query({
    name: 'claims-save',
    text: `with attempts as (
             insert into claim (event_id, campaign_id, appid, openid, decided_at, refusal, code)
             select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::smallint[], $7::text[])),
           coupons as (
             insert into coupon (cause_id, campaign_id, appid, openid, claimed_at, serial, code, expires_at, kind, value_fen, percent, threshold_fen, cap_fen, rules)
             select n.*, c.kind, c.value_fen, c.percent, c.threshold_fen, c.cap_fen, c.rules
             from unnest($8::uuid[], $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::bigint[], $14::text[],
                         $15::timestamptz[])
               as n (cause_id, campaign_id, appid, openid, claimed_at, serial, code, expires_at)
             join campaign c on c.id = n.campaign_id)
           update campaign c set claimed = n.claimed from unnest($16::text[], $17::bigint[]) as n (id, claimed)
           where c.id = n.id and c.claimed <> n.claimed`,
    values: [
      arrayLiteral(answered.map(({ attempt }) => attempt.envelope.id)),
      arrayLiteral(answered.map(({ outcome }) => outcome.campaign.id)),
      arrayLiteral(answered.map(({ attempt }) => attempt.appid)),
      arrayLiteral(answered.map(({ attempt }) => attempt.openid)),
      arrayLiteral(answered.map(({ attempt }) => isoOf(attempt.envelope.timeMs))),
      arrayLiteral(answered.map(({ outcome }) => (outcome.kind === 'granted' ? 0 : outcome.refusal))),
      arrayLiteral(answered.map(({ outcome }) => shownCode(outcome) ?? null)),
      arrayLiteral(granted.map(({ attempt }) => attempt.envelope.id)),
      arrayLiteral(granted.map(({ campaign }) => campaign.id)),
      arrayLiteral(granted.map(({ attempt }) => attempt.appid)),
      arrayLiteral(granted.map(({ attempt }) => attempt.openid)),
      arrayLiteral(granted.map(({ attempt }) => isoOf(attempt.envelope.timeMs))),
      arrayLiteral(granted.map(({ coupon }) => coupon.serial)),
      arrayLiteral(granted.map(({ coupon }) => coupon.code)),
      arrayLiteral(granted.map(({ expiresAtMs }) => (expiresAtMs === undefined ? null : isoOf(expiresAtMs)))),
      [...claimed.keys()],
      [...claimed.values()],
    ],
  });
}
