import { decode, envelopeOf, topics, uuidOf } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, jest, test } from '@jest/globals';
import { readTopic } from '@lingquan/test-kit';
import { closesAtMs, opensAtMs } from './builders.ts';
import { commands, lockBy, racedAtMs, races } from './races.ts';
import type { Race, Racer } from './races.ts';
import { reasonName } from './reason-name.ts';
import { command, createCampaign, issuerSystem, lifeCommand, push } from './system.ts';
import { answersOf, factsOf, redemptionsOf } from './told.ts';
import type { Fact } from './told.ts';

jest.setTimeout(60_000);

const states = ['issued', 'locked', 'redeemed', 'expired', 'revoked'];
const replyTo = { instance: 'a', partition: 1, deadlineMs: closesAtMs };

/** One id for each side of each race, so that whoever was told can be told from the others. */
const idOf = (race: Race, side: 'first' | 'second') => uuidOf('race', race.start, race.first, race.second, side);

const record = (code: string, racer: Racer, id: string) =>
  racer === 'expire'
    ? command('timers', { case: 'fireTimers', value: { codes: [code] } }, { id, timeMs: closesAtMs })
    : lifeCommand(code, commands[racer], { id, timeMs: racedAtMs, replyTo });

/** What brings a coupon to where its race starts. */
const prelude = (code: string, { start }: Race) => {
  const held = lifeCommand(code, lockBy('order-A'), { timeMs: opensAtMs });
  const used = lifeCommand(code, { kind: 'redeem', outTradeNo: 'order-A' }, { timeMs: opensAtMs });
  return { issued: [], held: [held], used: [held, used] }[start];
};

/** The state that a coupon's facts speak of. */
const stateAfter = (facts: Fact[]): string =>
  facts.reduce<string>((state, { type }) => {
    if (type === 'coupon.use_refused') return state;
    const became = type.slice('coupon.'.length);
    return became === 'released' || became === 'returned' ? 'issued' : became;
  }, 'issued');

test('every pair of commands races for a coupon: whoever is first in the log wins, everywhere', async () => {
  await using system = await issuerSystem('races');
  // A race of a pair stands in the table twice, once for each order; each is run, and ends in either.
  const rules = { validUntil: timestampFromMs(closesAtMs) };
  await system.publish([createCampaign('many', { stock: races.length, limitPerUser: races.length, rules })]);
  await system.settled();
  await system.publish(races.map(() => push('follower', { timeMs: opensAtMs })));
  await system.settled();
  const codes = (await system.rows<{ code: string }>('select code from coupon order by serial')).map(
    ({ code }) => code,
  );
  const run = races.map((race, place) => ({ race, code: codes[place]! }));
  await system.publish(run.flatMap(({ race, code }) => prelude(code, race)));
  await Promise.all(
    run.flatMap(({ race, code }, place) => {
      const sides = [record(code, race.first, idOf(race, 'first')), record(code, race.second, idOf(race, 'second'))];
      return (place % 2 === 0 ? sides : sides.toReversed()).map((one) => system.publish([one]));
    }),
  );
  await system.settled();

  const facts = await factsOf(system.kafka);
  const said = await sayings(system, facts);
  const order = (await readTopic(system.kafka, topics.couponCommands.name)).map(
    ({ headers }) => envelopeOf(headers).id,
  );
  const rows = await system.rows<{ code: string; state: number }>('select code, state from coupon');
  for (const { race, code } of run) {
    const sides = (['first', 'second'] as const).toSorted(
      (a, b) => order.indexOf(idOf(race, a)) - order.indexOf(idOf(race, b)),
    );
    const [first, second] = sides.map((side) => race[side]);
    const expected = races.find((one) => one.start === race.start && one.first === first && one.second === second);
    const state = states[rows.find((row) => row.code === code)!.state];
    expect({ race, said: sides.map((side) => said(idOf(race, side))), state }).toEqual({
      race,
      said: expected?.said,
      state: expected?.state,
    });
    expect(stateAfter(facts.filter(({ value }) => value !== undefined && 'code' in value && value.code === code))).toBe(
      state,
    );
  }
});

/** What whoever gave a command was told, by the command's id: payment, the till, an operator, and the clock nothing. */
async function sayings(system: Awaited<ReturnType<typeof issuerSystem>>, facts: Fact[]) {
  const said = new Map<string, string | undefined>();
  for (const { causeId, answer } of await answersOf(system.kafka))
    said.set(causeId, answer.case === 'notDone' ? reasonName(answer.value.why!.reason) : answer.case);
  for (const { causeId, outcome } of await redemptionsOf(system.kafka))
    said.set(causeId, outcome.case === 'refused' ? reasonName(outcome.value.reason) : outcome.case);
  for (const { headers, value } of await readTopic(system.kafka, topics.couponCommands.name)) {
    const { id } = envelopeOf(headers);
    const given = decode(CouponCommandSchema, value).command.case;
    if (given === 'revokeCoupon') {
      const { outcome, reason } = (await system.get(`/commands/${id}`)) as { outcome: string; reason?: string };
      said.set(id, outcome === 'done' ? 'revoked' : reason!.toUpperCase());
    }
    if (given === 'fireTimers')
      said.set(
        id,
        facts.some(({ causeId, type }) => causeId === id && type === 'coupon.expired') ? 'expired' : 'nothing',
      );
  }
  return (id: string) => said.get(id);
}
