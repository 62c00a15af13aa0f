import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { brokerProxy } from '../../kafka/test/broker-proxy.ts';
import { TryAgain, subscribe } from '../src/public.ts';
import type { DeadLetter, EventOf, Handler, LostEvents, SubscribeOptions } from '../src/public.ts';
import { brokers, claimId, claimed, eventSystem, until } from './system.ts';

let system: Awaited<ReturnType<typeof eventSystem>>;
beforeEach(async () => {
  system = await eventSystem('subscribe');
  await system.claims(0, 100);
}, 60_000);
afterEach(() => system[Symbol.asyncDispose](), 30_000);

type Events = EventOf<'coupon.events'>[];
const quiet = () => {};
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const ids = (from: number, to: number) => numbers(from, to).map(claimId).toSorted();
let groups = 0;

/** Subscribes to coupon.events with a group of its own, and collects. */
async function reader(
  options: Partial<SubscribeOptions<'coupon.events'>> = {},
  onBatch: Handler<'coupon.events'> = quiet,
) {
  const events: Events = [];
  const batches: number[] = [];
  const group = options.group ?? `g${groups++}`;
  const subscription = await subscribe(
    {
      brokers,
      prefix: system.prefix,
      topics: ['coupon.events'],
      sessionTimeoutMs: 6000,
      log: quiet,
      ...options,
      group,
    },
    async (batch, context) => {
      await onBatch(batch, context);
      batches.push(batch.length);
      events.push(...batch);
    },
  );
  return {
    group,
    events,
    batches,
    subscription,
    got: () => events.map(({ id }) => id).toSorted(),
    untilGot: (count: number) => until(() => events.length >= count, `${count} events`),
    [Symbol.asyncDispose]: () => subscription.stop(),
  };
}

const total = async (): Promise<number> => (await endOf(0)) + (await endOf(1));
const endOf = async (partition: number): Promise<number> =>
  (await system.kafka.offsets('coupon.events'))[partition]!.high;

test('from the beginning: every event, typed, with where it stood; in batches no larger than asked for', async () => {
  await using all = await reader({ batchMax: 7 });
  await all.untilGot(100);
  expect(all.got()).toEqual(ids(0, 100));
  expect(Math.max(...all.batches)).toBe(7);
  const [event] = all.events;
  if (event?.type !== 'coupon.claimed') throw new Error('a claim was published');
  expect(event.data.code).toBe(`CODE${event.key!.slice(1)}`);
  expect(event.data.value?.valueFen).toBe(500n);
  expect(event).toMatchObject({
    topic: 'coupon.events',
    source: 'coupon-issuer',
    message: { campaignId: 'c1', openid: event.key },
  });
  const first = all.events.filter(({ partition }) => partition === 0).map(({ offset }) => offset);
  expect(first).toEqual(numbers(0, 50));
  expect(all.subscription.healthy()).toBe(true);
}, 60_000);

test('nothing is handed over before there is a subscription: a handler may stop it', async () => {
  const seen: unknown[] = [];
  let known: Awaited<ReturnType<typeof subscribe>> | undefined;
  known = await subscribe({ brokers, prefix: system.prefix, topics: ['coupon.events'], group: 'early' }, async () => {
    seen.push(known);
    await known?.stop();
  });
  await known.closed;
  expect(seen).toEqual([known]);
}, 60_000);

test('a group goes on where it was, whatever "from" says then', async () => {
  const before = await reader({ group: 'team' });
  await before.untilGot(100);
  await before.subscription.stop();
  await expect(before.subscription.closed).resolves.toBeUndefined();
  await system.claims(100, 110);
  await using after = await reader({ group: 'team', from: 'now' });
  await after.untilGot(10);
  expect(after.got()).toEqual(ids(100, 110));
}, 60_000);

test('from now: what is published once subscribe has resolved, also when the first subscriber did not live to see it', async () => {
  const first = await reader({ group: 'now', from: 'now' });
  await first.subscription.stop();
  await system.claims(110, 120);
  await using second = await reader({ group: 'now', from: 'now' });
  await second.untilGot(10);
  expect(second.got()).toEqual(ids(110, 120));
}, 60_000);

test('from an instant, and from offsets', async () => {
  await delay(5); // the records before and after must not share a millisecond
  const instant = new Date();
  await system.claims(120, 130);
  await using since = await reader({ from: instant });
  await using iso = await reader({ from: instant.toISOString() });
  const end = await endOf(1);
  await using offsets = await reader({ from: { offsets: { 'coupon.events': { 0: await endOf(0), 1: end - 3 } } } });
  await Promise.all([since.untilGot(10), iso.untilGot(10), offsets.untilGot(3)]);
  expect(since.got()).toEqual(ids(120, 130));
  expect(iso.got()).toEqual(ids(120, 130));
  expect(offsets.events.map(({ partition, offset }) => [partition, offset])).toEqual([
    [1, end - 3],
    [1, end - 2],
    [1, end - 1],
  ]);
}, 60_000);

test('offsets that are not there, unknown topics and options that mean nothing are refused in words', async () => {
  const refused = async (options: object, words: RegExp) =>
    await expect(reader(options as SubscribeOptions<'coupon.events'>)).rejects.toThrow(words);
  await refused({ from: { offsets: { 'coupon.events': { 0: 9999 } } } }, /\[0\] holds offsets 0 to \d+, not 9999/);
  await refused({ from: { offsets: { 'coupon.events': { 2: 0 } } } }, /\[2\], but that topic has 2 partitions/);
  await refused({ from: '2026-11-21T08:00:00' }, /with Z or an offset/);
  await refused({ topics: ['coupon.event'] }, /coupon\.event is none/);
  await refused({ prefix: 'nowhere.' }, /no topic nowhere\.coupon\.events.*TOPIC_PREFIX/);
  await refused({ deadLetters: { topic: 'not.there' } }, /no topic .*not\.there/);
  await refused({ brokers: ['127.0.0.1:1'], kafka: { retry: { retries: 0 } } }, /does not answer/);
}, 60_000);

test('a handler slower than the session keeps its place: nothing is given twice', async () => {
  const from = { offsets: { 'coupon.events': { 0: await endOf(0), 1: (await endOf(1)) - 1 } } };
  let calls = 0;
  await using slow = await reader({ from, sessionTimeoutMs: 6000 }, async () => {
    calls++;
    await delay(7500); // the broker would have given it up at 6 s
  });
  await slow.untilGot(1);
  await slow.subscription.stop();
  await using next = await reader({ group: slow.group });
  await system.claims(130, 131);
  await next.untilGot(1);
  expect([calls, next.got()]).toEqual([1, ids(130, 131)]);
}, 40_000);

test('a handler that takes longer than it may ends the subscription', async () => {
  const signals: AbortSignal[] = [];
  const stuck = await reader({ handlerTimeoutMs: 1000 }, (_batch, { signal }) => {
    signals.push(signal);
    return new Promise(() => {});
  });
  await expect(stuck.subscription.closed).rejects.toThrow(/did not finish within 1000 ms/);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
}, 60_000);

test('stopping waits for the batch the handler has, and that batch does not come again', async () => {
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = await reader({ batchMax: 10 }, async () => {
    begun.resolve();
    await release.promise;
  });
  await begun.promise;
  const stopped = first.subscription.stop();
  release.resolve();
  await stopped;
  expect(first.events).toHaveLength(10);
  await using second = await reader({ group: first.group });
  const all = await total();
  await second.untilGot(all - 10);
  expect([...first.got(), ...second.got()].toSorted()).toEqual(ids(0, all));
}, 60_000);

test('the handler itself may stop', async () => {
  const held: { stop?: () => Promise<void> } = {};
  const one = await reader({ batchMax: 1 }, async () => {
    await until(() => held.stop !== undefined, 'the subscription');
    await held.stop!();
  });
  held.stop = one.subscription.stop;
  await one.subscription.closed;
  expect(one.events).toHaveLength(1);
}, 60_000);

test('a dependency that is away is waited for: nothing is lost or put aside', async () => {
  let calls = 0;
  await using patient = await reader({ attempts: 1 }, () => {
    if (++calls <= 4) throw new TryAgain('the database is away');
  });
  const all = await total();
  await patient.untilGot(all);
  expect(patient.got()).toEqual(ids(0, all));
}, 60_000);

test('without dead letters what the handler throws on ends the subscription, and names the event; those before it are done', async () => {
  const bad = claimId(20);
  const from = { offsets: { 'coupon.events': { 1: await endOf(1) } } };
  const failing = await reader({ attempts: 2, from }, (batch) => {
    if (batch.some(({ id }) => id === bad)) throw new TypeError('cannot do this one');
  });
  await expect(failing.subscription.closed).rejects.toMatchObject({
    message: expect.stringMatching(/coupon\.events\[0\]@10 cannot be handled/),
    cause: new TypeError('cannot do this one'),
  });
  expect(failing.got()).toEqual(
    numbers(0, 10)
      .map((n) => claimId(n * 2))
      .toSorted(),
  );
  await using next = await reader({ group: failing.group });
  await next.untilGot(1);
  expect(next.events[0]).toMatchObject({ partition: 0, offset: 10 });
}, 60_000);

test('an unknown kind is handed over as such', async () => {
  await using fresh = await reader({ from: 'now' });
  const { headers, ...record } = claimed(500, 0);
  await system.publish([{ ...record, headers: { ...headers, ce_type: 'coupon.framed' } }]);
  await fresh.untilGot(1);
  expect(fresh.events[0]).toMatchObject({ type: 'unknown', unknownType: 'coupon.framed', message: { openid: 'o500' } });
}, 60_000);

test('dead letters: what cannot be decoded and what the handler throws on, as it came, in a topic or a function', async () => {
  const letters: DeadLetter[] = [];
  const onThrow = (batch: Events) => {
    if (batch.some(({ id }) => id === claimId(601))) throw new Error('no such shop');
  };
  await using topic = await reader({ from: 'now', attempts: 1, deadLetters: { topic: 'team.dlq' } }, onThrow);
  await using call = await reader({ from: 'now', attempts: 1, deadLetters: (one) => void letters.push(one) }, onThrow);
  const good = claimed(600, 0);
  await system.publish([
    good,
    { ...claimed(601, 0) },
    { ...claimed(602, 0), value: Buffer.from([0x0a, 0x05, 0x61]) },
    { ...claimed(603, 0), headers: { ce_type: 'coupon.claimed' } },
    claimed(604, 0),
  ]);
  await Promise.all([topic.untilGot(2), call.untilGot(2)]);
  expect(topic.events.map(({ id }) => id)).toEqual([claimId(600), claimId(604)]);
  expect(letters.map(({ reason }) => reason)).toEqual([
    'no such shop',
    expect.stringContaining('no lingquan.coupon.v1.CouponEvent'),
    expect.stringContaining('ce_id'),
  ]);
  const written: { key: string; headers: Record<string, string> }[] = [];
  await system.kafka.read('team.dlq', ({ records }) => {
    for (const { key, headers } of records)
      written.push({
        key: String(key),
        headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)])),
      });
  });
  expect(written).toHaveLength(3);
  expect(written[0]).toMatchObject({
    key: 'o601',
    headers: { ce_id: claimId(601), 'dlq-topic': 'coupon.events', 'dlq-partition': '0', 'dlq-reason': 'no such shop' },
  });
}, 60_000);

test('events the topic no longer holds are not passed over in silence', async () => {
  const before = await reader(
    { group: 'late', from: { offsets: { 'coupon.events': { 0: 0, 1: await endOf(1) } } }, batchMax: 5 },
    (batch) => {
      if (batch[0]!.offset >= 5) throw new Error('stop here');
    },
  );
  await expect(before.subscription.closed).rejects.toThrow(/cannot be handled/);
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.fetchTopicOffsets(`${system.prefix}coupon.events`); // kafkajs deletes only where it knows the leader
  await admin.deleteTopicRecords({
    topic: `${system.prefix}coupon.events`,
    partitions: [{ partition: 0, offset: '30' }],
  });
  await admin.disconnect();
  await expect(reader({ group: 'late' })).rejects.toThrow(/offsets 5 to 29/);
  await expect(reader({ group: 'late' })).rejects.toThrow(/coupon\.events\[0\] no longer holds offsets 5 to 29/);
  const lost: LostEvents[] = [];
  await using after = await reader({ group: 'late', onLost: (one) => void lost.push(one) });
  await after.untilGot(1);
  expect(after.events[0]).toMatchObject({ partition: 0, offset: 30 });
  expect(lost).toEqual([{ topic: 'coupon.events', partition: 0, from: 5, to: 30 }]);
}, 60_000);

test('two subscribers of a group share the partitions, and one takes over when the other leaves', async () => {
  const group = 'shared';
  const first = await reader({ group, from: 'now' });
  await using second = await reader({ group, from: 'now' });
  let n = 1000;
  const seen = (events: Events) => new Set(events.map(({ partition }) => partition));
  await until(async () => {
    await system.claims(n, (n += 2));
    return seen(first.events).size > 0 && seen(second.events).size > 0;
  }, 'both to read');
  await first.subscription.stop();
  await system.claims(n, (n += 20));
  const all = () => new Set([...first.got(), ...second.got()]);
  await until(() => all().size === n - 1000, 'the rest');
  expect(seen(second.events.slice(-20)).size).toBe(2);
}, 40_000);

test('a broker that goes away and comes back is waited for', async () => {
  const proxy = await brokerProxy(brokers[0]!);
  await using patient = await reader({ brokers: [proxy.address], from: 'now' });
  await proxy.cut();
  await system.claims(3000, 3010);
  await proxy.restore();
  await patient.untilGot(10);
  expect(new Set(patient.got())).toEqual(new Set(ids(3000, 3010)));
  await patient.subscription.stop();
  await proxy.cut();
}, 40_000);
