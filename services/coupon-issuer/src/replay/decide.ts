import { setImmediate as turnOfEvents } from 'node:timers/promises';
import { topics } from '@lingquan/events';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { Recordable } from '@lingquan/recording';
import { commandOf } from '../consumers/commands.ts';
import type { ReceivedCommand } from '../consumers/commands.ts';
import { settleAsked, settleFired } from '../consumers/decide-life.ts';
import { nameCoupons } from '../consumers/decide-pushes.ts';
import { attemptOf } from '../consumers/inbound.ts';
import { readBatch, valuesOf } from '../consumers/read-batch.ts';
import type { Read } from '../consumers/read-batch.ts';
import { settle } from '../domain/attempt.ts';
import type { Attempt, Settled } from '../domain/attempt.ts';
import type { Campaign } from '../domain/campaign.ts';
import { decideCommand } from '../domain/command.ts';
import type { OwnedCoupon } from '../domain/owned-coupon.ts';
import type { AskedCampaign, Received } from '../domain/received.ts';
import { tillKey } from '../domain/settle-life.ts';
import { campaignFacts, recordsOf } from '../publish/facts.ts';
import type { StoredAnswer } from '../store/answers.ts';
import type { CommandRow } from '../store/commands.ts';
import type { Memory, Wanted } from './memory.ts';
import type { Rewrite } from './rewrite.ts';
import type { Turn } from './turns.ts';

type ReadTurn = { turn: Turn; pushes: Read<Attempt>[] } | { turn: Turn; commands: Read<ReceivedCommand>[] };

/** A round with its records read. */
export type ReadRound = { turns: ReadTurn[]; wanted: Wanted };

/** What a decided round changes in the store, and what it says, in the order in which it was said. */
export type Decided = {
  turns: Turn[];
  said: Recordable[];
  claims: Settled[];
  /** Coupons taken by then of the campaigns that gave one. */
  claimed: Map<string, number>;
  campaigns: Map<string, Campaign>;
  commands: CommandRow[];
  coupons: Map<string, OwnedCoupon>;
  answers: StoredAnswer[];
  guesses: Map<string, number[]>;
};

/** Reads the records of a round; what cannot be read becomes a dead letter in its place. */
export async function readRound(turns: Turn[], rewrite: Rewrite): Promise<ReadRound> {
  const wanted: Wanted = { attempts: [], life: [], timers: [] };
  const read: ReadTurn[] = [];
  for (const turn of turns) {
    if (turn.topic === topics.wechatInbound.name) {
      const pushes = readBatch(turn, attemptOf);
      for (const one of pushes) if ('value' in one && one.value.trigger !== undefined) wanted.attempts.push(one.value);
      read.push({ turn, pushes });
      await turnOfEvents(); // the connections to Postgres have something to do meanwhile
    } else {
      const commands = readBatch(turn, (record) => rewrite(commandOf(record)));
      for (const one of valuesOf(commands)) {
        if (one.kind === 'life') wanted.life.push(one);
        else if (one.kind === 'timers') wanted.timers.push(one);
      }
      read.push({ turn, commands });
    }
  }
  return { turns: read, wanted };
}

/** Decides a round in memory, in the order of the journal. Everything it asks for was loaded. */
export async function decideRound(memory: Memory, round: ReadRound, codeSecret: Buffer): Promise<Decided> {
  const decided: Decided = {
    turns: round.turns.map(({ turn }) => turn),
    said: [],
    claims: [],
    claimed: new Map(),
    campaigns: new Map(),
    commands: [],
    coupons: new Map(),
    answers: [],
    guesses: new Map(),
  };
  let untold: { settled: Settled | OutgoingRecord; timestampMs: number }[] = [];

  const say = (records: OutgoingRecord[], timestampMs: number) => {
    for (const { topic, partition = 0, key, value, headers } of records)
      decided.said.push({ topic, partition, timestampMs, key, value, headers });
  };
  /** Names the coupons granted so far, and says what came of the pushes. */
  const tell = async () => {
    const fresh = untold.flatMap(({ settled }) =>
      'attempt' in settled && !settled.repeat && settled.outcome.kind !== 'no rule' ? [settled] : [],
    );
    nameCoupons(fresh, codeSecret);
    memory.remember(fresh);
    for (const one of fresh) decided.claims.push(one);
    let at = 0;
    for (const { settled, timestampMs } of untold) {
      say('attempt' in settled ? recordsOf(settled) : [settled], timestampMs);
      if (++at % 512 === 0) await turnOfEvents();
    }
    untold = [];
  };

  for (const { turn, ...read } of round.turns) {
    const { timestampMs } = turn.records.at(-1)!;
    if ('pushes' in read) {
      for (const one of read.pushes)
        untold.push({ settled: 'dead' in one ? one.dead : settle(memory.claims, one.value), timestampMs });
      continue;
    }
    await tell(); // a command may name a coupon that was just claimed
    for (const one of read.commands)
      say('dead' in one ? [one.dead] : decideOne(memory, decided, one.value), timestampMs);
  }
  await tell();
  for (const { outcome } of decided.claims)
    if (outcome.kind === 'granted')
      decided.claimed.set(outcome.campaign.id, memory.claims.claimed.get(outcome.campaign.id)!);
  return decided;
}

function decideOne(memory: Memory, decided: Decided, received: ReceivedCommand): OutgoingRecord[] {
  if (received.kind === 'campaign') return decideCampaign(memory, decided, received);
  const { life, claims } = memory;
  const codes = received.kind === 'timers' ? received.codes : received.code === undefined ? [] : [received.code];
  const before = codes.map(memory.couponAt);
  let records: OutgoingRecord[];
  if (received.kind === 'timers') records = settleFired(life.state, received);
  else {
    const settled = settleAsked(life, claims.book, received);
    ({ records } = settled);
    if (settled.answer !== undefined) decided.answers.push(settled.answer);
    if (received.command.kind === 'redeem at till') {
      const key = tillKey(received.command);
      const times = life.state.guesses.get(key);
      if (times !== undefined) decided.guesses.set(key, times);
    }
  }
  for (const [place, code] of codes.entries()) {
    const coupon = life.state.coupons.get(code);
    if (coupon !== undefined && coupon !== before[place]) decided.coupons.set(code, coupon);
  }
  return records;
}

function decideCampaign(
  { claims: { book, claimed }, commands }: Memory,
  decided: Decided,
  { envelope, command }: Received<AskedCampaign>,
): OutgoingRecord[] {
  if (commands.has(envelope.id)) return [];
  commands.add(envelope.id);
  const outcome = decideCommand(book, claimed.get(command.campaignId) ?? 0, command, envelope.timeMs);
  if (outcome.kind === 'created' || outcome.kind === 'changed') {
    book.put(outcome.campaign);
    decided.campaigns.set(outcome.campaign.id, outcome.campaign);
  }
  const refusal = outcome.kind === 'refused' ? outcome.refusal : undefined;
  decided.commands.push({ id: envelope.id, campaignId: command.campaignId, refusal });
  return campaignFacts(envelope, outcome);
}
