import { AppError } from '@lingquan/errors';
import { topics } from '@lingquan/events';
import { exactlyOnceMigrations } from '@lingquan/exactly-once';
import type { Log } from '@lingquan/log';
import { inTransaction, openStore } from '@lingquan/postgres';
import { openRecording } from '@lingquan/recording';
import type { Done, Recording } from '@lingquan/recording';
import { migrations } from '../main.ts';
import { saveAnswers } from '../store/answers.ts';
import { saveCampaign } from '../store/campaigns.ts';
import { saveCommand } from '../store/commands.ts';
import { saveLives } from '../store/coupons.ts';
import { saveGuesses } from '../store/guesses.ts';
import { missingBefore, missingText } from './beginning.ts';
import type { ReplayConfig } from './config.ts';
import { decideRound, readRound } from './decide.ts';
import type { Decided } from './decide.ts';
import { openIndexes } from './indexes.ts';
import { openMemory } from './memory.ts';
import { openOutcome } from './outcome.ts';
import { identityOf, openProgress, saveProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { rewriting } from './rewrite.ts';
import { copyClaims } from './save-claims.ts';
import { placeOf, roundsOf, turnsOf } from './turns.ts';

export type ReplayReport = {
  /** Records decided in all, and in this run, and how long that took. */
  decided: number;
  decidedNow: number;
  seconds: number;
  /** Recorded, but without a turn in the recorded journal: not decided yet when the recording ended, or decided before it began. */
  undecided: number;
  /** The offset behind the last record decided, of each partition of which any was. */
  decidedUpTo: { topic: string; partition: number; offset: number }[];
  /** What a recording that begins in the middle lacks; undefined when it begins at the beginning. */
  lacks: string | undefined;
  /** Records said, by their `ce_type`. */
  said: Record<string, number>;
  outcome: Done;
};

export type ReplayTold = { decided: number; decidedNow: number; of: number; seconds: number };

/**
 * Decides a recording again, in the order of its journal, on a store of its own; what it says goes to a file. The same rules, tables and
 * records as the service's; only that nobody else writes here, so decisions need not wait for what was decided before to be written.
 * Throws `invalid` when the recording does not begin at the beginning, unless it is to be decided `fromMiddle`.
 */
export async function runReplay(
  config: ReplayConfig,
  { log, onProgress }: { log: Log; onProgress: (told: ReplayTold) => void },
): Promise<ReplayReport> {
  await using opened = new AsyncDisposableStack();
  const recording = opened.use(await openRecording(config.file));
  const of = recordsToDecide(recording);
  const lacks = await lacksBefore(recording, config);
  const store = opened.adopt(
    await openStore({
      url: config.postgresUrl,
      database: config.database,
      migrations: [exactlyOnceMigrations, migrations],
      log,
      poolMax: 4,
    }),
    (one) => one.close(),
  );
  const identity = identityOf(recording, config.otherCampaigns);
  let progress = await openProgress(store.pool, identity);
  const before = progress.decided;
  const outcome = await openOutcome(config.outcomeFile, progress.outcomeBytes);
  const indexes = openIndexes(store.pool);
  const memory = await openMemory(store.pool, indexes, of);
  const rewrite = rewriting(config.otherCampaigns);
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;

  async function save(decided: Decided): Promise<void> {
    const next = progressAfter(progress, decided, await outcome.add(decided.said));
    await inTransaction(store.pool, async (client, last) => {
      for (const campaign of decided.campaigns.values()) last(saveCampaign(client, campaign));
      copyClaims(client, decided.claims, decided.claimed, last);
      for (const command of decided.commands) last(saveCommand(client, command));
      last(saveLives(client, [...decided.coupons.values()]));
      last(saveAnswers(client, decided.answers));
      last(saveGuesses(client, [...decided.guesses]));
      last(saveProgress(client, identity, next));
    });
    progress = next;
    onProgress({ decided: progress.decided, decidedNow: progress.decided - before, of, seconds: seconds() });
  }

  let writing = Promise.resolve();
  for await (const turns of roundsOf(turnsOf(recording, progress.stand, config), config.roundRecords)) {
    const round = await readRound(turns, rewrite);
    if (memory.isFull()) {
      await writing;
      memory.empty();
    }
    await memory.load(round.wanted);
    const decided = await decideRound(memory, round, config.codeSecret);
    await writing; // one round is written while the next is decided
    writing = save(decided);
    writing.catch(() => undefined); // awaited above or below
  }
  await writing;
  await indexes.needAll();
  return {
    decided: progress.decided,
    decidedNow: progress.decided - before,
    seconds: seconds(),
    undecided: of - progress.decided,
    decidedUpTo: [...progress.stand.positions.values()],
    lacks,
    said: progress.said,
    outcome: await outcome.finish(),
  };
}

function progressAfter({ stand, decided, said }: Progress, round: Decided, outcomeBytes: number): Progress {
  const counts = { ...said };
  for (const { headers } of round.said) {
    const type = String(headers['ce_type']);
    counts[type] = (counts[type] ?? 0) + 1;
  }
  const positions = new Map(stand.positions);
  for (const { topic, partition, records } of round.turns)
    positions.set(placeOf(topic, partition), { topic, partition, offset: records.at(-1)!.offset + 1 });
  return {
    stand: { journalOffset: round.turns.at(-1)!.journalOffset + 1, positions },
    decided: decided + round.turns.reduce((sum, { records }) => sum + records.length, 0),
    outcomeBytes,
    said: counts,
  };
}

/** What is missing before the recording's beginning. Throws `invalid` when anything is, unless that was reckoned with. */
async function lacksBefore(recording: Recording, { fromMiddle }: ReplayConfig): Promise<string | undefined> {
  const missing = await missingBefore(recording);
  if (missing.length === 0) return undefined;
  if (fromMiddle) return missingText(missing);
  throw new AppError(
    'invalid',
    `${recording.path} 不是从头录的：之前的活动和领取不在其中，判定会与当时不同。要从头重录（record --from beginning），或用 --from-middle 照样判定 does not begin at the beginning: earlier campaigns and claims are not in it, so decisions would be others than they were. Record from the beginning, or decide it all the same with --from-middle. 缺 missing: ${missingText(missing)}`,
  );
}

/** How many records there are to decide. Throws `invalid` when the recording lacks what an exact replay needs. */
function recordsToDecide({ partitions, path, meta }: Recording): number {
  const has = (name: string) =>
    partitions.some(({ topic }) => topic === name) || meta.ranges.some(({ topic }) => topic === name);
  const decides: string[] = [topics.wechatInbound.name, topics.couponCommands.name];
  const missing = [...decides, topics.couponJournal.name].filter((name) => !has(name));
  if (missing.length > 0)
    throw new AppError('invalid', `${path} lacks ${missing.join(', ')}, which an exact replay needs`);
  return partitions.reduce((sum, { topic, count }) => (decides.includes(topic) ? sum + count : sum), 0);
}
