import type { OutgoingRecord } from '@lingquan/kafka';
import type { PoolClient } from 'pg';
import type { RuleBook } from '../domain/book.ts';
import type { OwnedCoupon } from '../domain/owned-coupon.ts';
import type { AskedLife, AskedTimers, Received } from '../domain/received.ts';
import { settleCommand, settleTimers } from '../domain/settle-life.ts';
import type { LifeState } from '../domain/settle-life.ts';
import { answerContent, answerRecords } from '../publish/answers.ts';
import { factRecord } from '../publish/life-facts.ts';
import { loadAnswers, saveAnswers } from '../store/answers.ts';
import type { StoredAnswer } from '../store/answers.ts';
import { lockCoupons, saveLives } from '../store/coupons.ts';
import { loadGuesses, saveGuesses } from '../store/guesses.ts';

/** What commands on coupons are decided from: the coupons and tills they name, and the commands decided before. */
export type LoadedLife = { state: LifeState; answers: Map<string, StoredAnswer> };

/** Decides one command and applies it to what is loaded. Returns what it has to say, and its answer when it is a new one. */
export function settleAsked(
  { state, answers }: LoadedLife,
  book: RuleBook,
  received: Received<AskedLife>,
): { records: OutgoingRecord[]; answer: StoredAnswer | undefined } {
  const { envelope, code, command, asked } = received;
  const known = answers.get(envelope.id);
  if (known !== undefined) return { records: answerRecords(received, known.content), answer: undefined };
  const settled = settleCommand(state, code, command, envelope.timeMs);
  const refusal = settled.answer.kind === 'not done' ? settled.answer.why.reason : 0;
  const answer: StoredAnswer = {
    id: envelope.id,
    code: settled.coupon?.code ?? asked,
    refusal,
    content: answerContent(received, settled, book),
  };
  answers.set(envelope.id, answer);
  const facts = settled.facts.map((fact) => factRecord(envelope, settled.coupon!, fact));
  return { records: [...facts, ...answerRecords(received, answer.content)], answer };
}

/** Lets the clock act on the coupons a firing names. Returns what that has to say. */
export const settleFired = (state: LifeState, { envelope, codes }: Received<AskedTimers>): OutgoingRecord[] =>
  settleTimers(state, codes, envelope.timeMs).flatMap(({ coupon, facts }) =>
    facts.map((fact) => factRecord(envelope, coupon, fact, coupon.code)),
  );

/**
 * Locks and loads what a batch's commands on coupons are decided from. `decide` is then called with each in its turn, and
 * sees what those before it did; `save` writes it all, a statement for each table.
 */
export async function lifeDecider(
  client: PoolClient,
  book: RuleBook,
  commands: (Received<AskedLife> | Received<AskedTimers>)[],
) {
  if (commands.length === 0) return { decide: (): OutgoingRecord[] => [], save: async () => undefined };
  const loaded = await loadState(client, commands);
  const { state } = loaded;
  const before = new Map(state.coupons);
  const guessesBefore = new Map(state.guesses);
  const fresh: StoredAnswer[] = [];

  return {
    decide: (received: Received<AskedLife> | Received<AskedTimers>): OutgoingRecord[] => {
      if (received.kind === 'timers') return settleFired(state, received);
      const { records, answer } = settleAsked(loaded, book, received);
      if (answer !== undefined) fresh.push(answer);
      return records;
    },
    save: async () => {
      await Promise.all([
        saveLives(
          client,
          differing(state.coupons, before).map(([, coupon]) => coupon),
        ),
        saveAnswers(client, fresh),
        saveGuesses(client, differing(state.guesses, guessesBefore)),
      ]);
    },
  };
}

const differing = <V>(now: Map<string, V>, before: Map<string, V>): [string, V][] =>
  [...now].filter(([key, value]) => before.get(key) !== value);

async function loadState(
  client: PoolClient,
  commands: (Received<AskedLife> | Received<AskedTimers>)[],
): Promise<LoadedLife> {
  const asked = commands.filter((one) => one.kind === 'life');
  const codes = commands.flatMap((one) =>
    one.kind === 'timers' ? one.codes : one.code === undefined ? [] : [one.code],
  );
  const tills = asked.flatMap(({ command }) => (command.kind === 'redeem at till' ? [command] : []));
  // Sent together; Postgres runs them in this order.
  const [coupons, answers, guesses] = await Promise.all([
    lockCoupons(client, [...new Set(codes)]),
    loadAnswers(
      client,
      asked.map(({ envelope }) => envelope.id),
    ),
    loadGuesses(client, tills),
  ]);
  return {
    state: { coupons: new Map(coupons.map((coupon): [string, OwnedCoupon] => [coupon.code, coupon])), guesses },
    answers: new Map(answers.map((answer) => [answer.id, answer])),
  };
}
