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
import { startHolders } from './holders.ts';
import type { Indexes } from './indexes.ts';
import { startSeen } from './seen.ts';

/** Coupons and answers kept before what is written is let go: loading again the few that are asked for costs less than keeping more. */
const ENTRIES_MAX = 30_000;

/** What a round is about to ask for. */
export type Wanted = { attempts: Attempt[]; life: Received<AskedLife>[]; timers: Received<AskedTimers>[] };

/**
 * What decisions are made from; nobody else writes to this store. Claims are kept for two rounds, what followers hold for ever, the lives of
 * coupons until there are many. What is not in memory is committed, so it can be loaded beside the writing of the round before; and
 * what was certainly never seen is not looked for.
 */
export async function openMemory(pool: Pool, indexes: Indexes, expected: number) {
  const loaded = await loadCampaigns(pool);
  const claims: ClaimState = {
    book: ruleBook(loaded),
    claimed: new Map(loaded.map(({ id, claimed }) => [id, claimed])),
    holdings: new Map(),
    decided: new Map(),
  };
  /** Ids by number. */
  const campaigns = new Map(loaded.map(({ id, number }) => [number, id]));
  const life: LoadedLife = { state: { coupons: new Map(), guesses: new Map() }, answers: new Map() };
  /** Coupons granted in this round and in the one before, by code. Rounds before that one are committed when a round is loaded. */
  let [granted, grantedBefore] = [new Map<string, Settled>(), new Map<string, Settled>()];
  const commands = new Set((await pool.query<{ id: string }>('select id from command')).rows.map(({ id }) => id));
  const seen = startSeen(expected);
  const holders = startHolders();
  /** Asked for since memory was emptied, so whatever there is of them is in memory. */
  const [codes, tills] = [new Set<string>(), new Set<string>()];
  for await (const row of leftBehind(pool, 'select event_id from claim')) seen.note(row['event_id']!);
  for await (const row of leftBehind(pool, 'select openid, campaign_id, serial, code from coupon order by serial'))
    holders.add(row['openid']!, claims.book.byId.get(row['campaign_id']!)!.number, {
      serial: Number(row['serial']),
      code: row['code']!,
    });

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
      const pushes: string[] = [];
      const decidedBefore = claims.decided;
      claims.decided = new Map();
      claims.holdings.clear();
      [granted, grantedBefore] = [new Map(), granted];
      for (const { envelope, openid } of attempts) {
        if (seen.note(envelope.id)) {
          const known = decidedBefore.get(envelope.id);
          if (known === undefined) pushes.push(envelope.id);
          else claims.decided.set(envelope.id, known);
        }
        holders.of(openid, (campaign, count, first) =>
          claims.holdings.set(holdingKey(campaigns.get(campaign)!, openid), { count, first }),
        );
      }
      const wanted = unasked(codes, [
        ...asked.flatMap(({ code }) => code ?? []),
        ...timers.flatMap((one) => one.codes),
      ]).filter((code) => !grantedBefore.has(code) && !life.state.coupons.has(code));
      const ids = asked.map(({ envelope }) => envelope.id).filter((id) => !life.answers.has(id));
      const guessers = asked.flatMap(({ command }) =>
        command.kind === 'redeem at till' && unasked(tills, [tillKey(command)]).length > 0 ? [command] : [],
      );
      if (pushes.length > 0) await indexes.need('claim');
      if (codes.size > 0) await indexes.need('coupon'); // also to write what becomes of them
      const [decided, coupons, answers, guesses] = await Promise.all([
        pushes.length === 0 ? [] : loadDecided(pool, pushes, claims.book),
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
        if (one.outcome.kind !== 'granted') continue;
        const { campaign, coupon } = one.outcome;
        campaigns.set(campaign.number, campaign.id);
        holders.add(one.attempt.openid, campaign.number, coupon);
        granted.set(coupon.code, one);
        // Asked for before it was there, it is not looked for again.
        if (codes.has(coupon.code)) life.state.coupons.set(coupon.code, couponOfClaim(one));
      }
    },
    /** The coupon as it stands; of those just granted only the few that are asked for are made. */
    couponAt: (code: string): OwnedCoupon | undefined => {
      const known = life.state.coupons.get(code);
      if (known !== undefined) return known;
      const fresh = granted.get(code) ?? grantedBefore.get(code);
      if (fresh === undefined) return undefined;
      const coupon = couponOfClaim(fresh);
      life.state.coupons.set(code, coupon);
      return coupon;
    },
    isFull: (): boolean => life.state.coupons.size + life.answers.size > ENTRIES_MAX,
    /** Lets everything go that can be loaded again. Only while nothing is being written. */
    empty: (): void => {
      const kept = [claims.decided, life.state.coupons, life.state.guesses, life.answers];
      for (const one of [...kept, granted, grantedBefore, codes, tills]) one.clear();
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

/** What a killed replay left, page by page; columns that come as text. */
async function* leftBehind(pool: Pool, text: string): AsyncGenerator<Record<string, string>, void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local enable_seqscan = on');
    await client.query('set local statement_timeout = 0');
    await client.query(`declare left_behind cursor for ${text}`);
    for (;;) {
      const { rows } = await client.query<Record<string, string>>(`fetch ${PAGE} from left_behind`);
      if (rows.length === 0) break;
      yield* rows;
    }
    await client.query('commit');
  } finally {
    client.release();
  }
}

async function loadCoupons(pool: Pool, codes: string[]) {
  const { rows } = await pool.query<CouponRow>({
    name: 'replay-coupons',
    text: `select ${couponColumns} from coupon c where code = any($1::text[])`,
    values: [codes],
  });
  return rows.map(couponOf);
}
