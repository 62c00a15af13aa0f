import type { Pool } from 'pg';
import { holdingKey } from '../domain/attempt.ts';
import type { Attempt, ClaimState, Settled } from '../domain/attempt.ts';
import { ruleBook } from '../domain/book.ts';
import type { OwnedCoupon } from '../domain/owned-coupon.ts';
import type { AskedLife, AskedTimers, Received } from '../domain/received.ts';
import { tillKey } from '../domain/settle-life.ts';
import type { LoadedLife } from '../consumers/decide-life.ts';
import { loadAnswers } from '../store/answers.ts';
import { loadCampaigns } from '../store/campaigns.ts';
import { loadDecided } from '../store/claims.ts';
import { couponColumns, couponOf } from '../store/coupons.ts';
import type { CouponRow } from '../store/coupons.ts';
import { loadGuesses } from '../store/guesses.ts';
import { startSeen } from './seen.ts';

/** Entries kept before what is written is let go: loading again the few that are asked for costs less than keeping more (a tenth of all CPU at ten times as many). */
const ENTRIES_MAX = 30_000;

/** What a round is about to ask for. */
export type Wanted = { attempts: Attempt[]; life: Received<AskedLife>[]; timers: Received<AskedTimers>[] };

/**
 * What decisions are made from, kept over many rounds: nobody else writes to this store. What is not in memory is committed, so it can be
 * loaded beside the writing of rounds that are decided already; and what was certainly never seen is not looked for.
 */
export async function openMemory(pool: Pool, expected: number) {
  const campaigns = await loadCampaigns(pool);
  const claims: ClaimState = {
    book: ruleBook(campaigns),
    claimed: new Map(campaigns.map(({ id, claimed }) => [id, claimed])),
    holdings: new Map(),
    decided: new Map(),
  };
  const life: LoadedLife = { state: { coupons: new Map(), guesses: new Map() }, answers: new Map() };
  /** Coupons granted that nobody asked for yet, by code. */
  const granted = new Map<string, Settled>();
  const commands = new Set((await pool.query<{ id: string }>('select id from command')).rows.map(({ id }) => id));
  const seenPushes = startSeen(expected);
  const seenFollowers = startSeen(expected);
  /** Asked for since memory was emptied, so whatever there is of them is in memory. */
  const [followers, codes, tills] = [new Set<string>(), new Set<string>(), new Set<string>()];
  await recall(pool, 'select event_id as id from claim', seenPushes.add);
  await recall(pool, 'select openid as id from coupon', seenFollowers.add);

  /** Keys that nobody asked for yet. */
  const unasked = (asked: Set<string>, keys: string[]): string[] =>
    keys.filter((key) => !asked.has(key) && asked.add(key));

  return {
    claims,
    life,
    /** Commands on campaigns decided so far, by id. */
    commands,
    /** Loads what the round may need and memory does not have. */
    load: async ({ attempts, life: asked, timers }: Wanted): Promise<void> => {
      const pushes = attempts.flatMap(({ envelope: { id } }) =>
        seenPushes.has(id) && !claims.decided.has(id) ? [id] : [],
      );
      const openids = unasked(
        followers,
        attempts.map(({ openid }) => openid),
      ).filter(seenFollowers.has);
      const wanted = unasked(codes, [
        ...asked.flatMap(({ code }) => code ?? []),
        ...timers.flatMap((one) => one.codes),
      ]).filter((code) => !granted.has(code) && !life.state.coupons.has(code));
      const ids = asked.map(({ envelope }) => envelope.id).filter((id) => !life.answers.has(id));
      const guessers = asked.flatMap(({ command }) =>
        command.kind === 'redeem at till' && unasked(tills, [tillKey(command)]).length > 0 ? [command] : [],
      );
      const [decided, , coupons, answers, guesses] = await Promise.all([
        pushes.length === 0 ? [] : loadDecided(pool, pushes, claims.book),
        openids.length === 0 ? undefined : loadHoldings(pool, openids, claims),
        wanted.length === 0 ? [] : loadCoupons(pool, wanted),
        loadAnswers(pool, ids),
        guessers.length === 0
          ? []
          : pool.connect().then((client) => loadGuesses(client, guessers).finally(() => client.release())),
      ]);
      for (const [id, outcome] of decided) claims.decided.set(id, outcome);
      for (const coupon of coupons) life.state.coupons.set(coupon.code, coupon);
      for (const answer of answers) life.answers.set(answer.id, answer);
      for (const [key, times] of guesses) life.state.guesses.set(key, times);
    },
    /** Takes note of attempts that were answered; coupons have their codes. */
    remember: (settled: Settled[]): void => {
      for (const one of settled) {
        seenPushes.add(one.attempt.envelope.id);
        if (one.outcome.kind !== 'granted') continue;
        seenFollowers.add(one.attempt.openid);
        granted.set(one.outcome.coupon.code, one);
      }
    },
    /** The coupon as it stands; of those just granted only the few that are asked for are made. */
    couponAt: (code: string): OwnedCoupon | undefined => {
      const fresh = granted.get(code);
      if (fresh !== undefined) {
        granted.delete(code);
        life.state.coupons.set(code, couponOfClaim(fresh));
      }
      return life.state.coupons.get(code);
    },
    isFull: (): boolean =>
      claims.decided.size + granted.size + life.state.coupons.size + life.answers.size > ENTRIES_MAX,
    /** Lets everything go that can be loaded again. Only while nothing is being written. */
    empty: (): void => {
      const kept = [claims.holdings, claims.decided, life.state.coupons, life.state.guesses, life.answers];
      for (const one of [...kept, granted, followers, codes, tills]) one.clear();
    },
  };
}

export type Memory = Awaited<ReturnType<typeof openMemory>>;

/** A coupon as it is when it was just claimed. */
function couponOfClaim({ attempt, outcome }: Settled): OwnedCoupon {
  if (outcome.kind !== 'granted') throw new Error('only a claim that was granted gives a coupon');
  const { campaign, coupon, expiresAtMs } = outcome;
  return {
    code: coupon.code,
    campaignId: campaign.id,
    appid: attempt.appid,
    openid: attempt.openid,
    claimedAtMs: attempt.envelope.timeMs,
    worth: campaign.worth,
    rules: campaign.rules,
    expiresAtMs,
    life: { state: 'issued', hold: undefined, redemption: undefined },
  };
}

const PAGE = 50_000;

/** Hands over one column of what a killed replay left, page by page. */
async function recall(pool: Pool, text: string, take: (id: string) => void): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local enable_seqscan = on');
    await client.query(`declare left_behind cursor for ${text}`);
    for (;;) {
      const { rows } = await client.query<{ id: string }>(`fetch ${PAGE} from left_behind`);
      if (rows.length === 0) break;
      for (const { id } of rows) take(id);
    }
    await client.query('commit');
  } finally {
    client.release();
  }
}

type HoldingRow = { campaign_id: string; openid: string; count: string; serial: string; code: string };

/** What these followers hold of every campaign. */
async function loadHoldings(pool: Pool, openids: string[], { holdings }: ClaimState): Promise<void> {
  const { rows } = await pool.query<HoldingRow>({
    name: 'replay-holdings',
    text: `select openid, campaign_id, count(*) as count, min(serial) as serial, (array_agg(code order by serial))[1] as code
           from coupon where openid = any($1::text[]) group by openid, campaign_id`,
    values: [openids],
  });
  for (const { campaign_id, openid, count, serial, code } of rows)
    holdings.set(holdingKey(campaign_id, openid), {
      count: Number(count),
      first: { serial: Number(serial), code },
    });
}

async function loadCoupons(pool: Pool, codes: string[]) {
  const { rows } = await pool.query<CouponRow>({
    name: 'replay-coupons',
    text: `select ${couponColumns} from coupon c where code = any($1::text[])`,
    values: [codes],
  });
  return rows.map(couponOf);
}
