import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { brokerProxy } from './broker-proxy.ts';
import { brokers, kept, record, topicSystem, until } from './system.ts';

const LONG_MS = 60_000;
const numbers = (count: number) => Array.from({ length: count }, (_, n) => String(n));

test('what is published at once leaves in few requests, complete and in order', async () => {
  await using system = await topicSystem('gather', 1);
  const proxy = await brokerProxy(brokers[0]!);
  const producer = system.connect([proxy.address]).producer();
  await until(() => kept(producer.ready()), 'the producer is connected');
  await Promise.all(numbers(1000).map((n) => producer.publish([record(system.topic, n)])));
  expect(await system.values()).toEqual(numbers(1000));
  expect(proxy.produceRequests()).toBeGreaterThan(0);
  expect(proxy.produceRequests()).toBeLessThan(10);
  await producer.stop();
  await proxy.cut();
});

test('gathering sends the same records in fewer requests while several publish', async () => {
  await using system = await topicSystem('apart', 1);
  const proxy = await brokerProxy(brokers[0]!);
  const requestsFor = async (gatherMs: number): Promise<number> => {
    const before = proxy.produceRequests();
    const producer = system.connect([proxy.address]).producer({ gatherMs });
    await until(() => kept(producer.ready()), 'the producer is connected');
    const sent: Promise<void>[] = [];
    for (const n of numbers(300)) {
      sent.push(producer.publish([record(system.topic, n)]));
      if (Number(n) % 3 === 0) await delay(1); // they come one after the other, as requests do
    }
    await Promise.all(sent);
    await producer.stop();
    return proxy.produceRequests() - before;
  };
  const atOnce = await requestsFor(0);
  const gathered = await requestsFor(20);
  expect(await system.values()).toEqual([...numbers(300), ...numbers(300)]);
  expect(gathered).toBeGreaterThan(0);
  expect(gathered).toBeLessThan(atOnce / 2);
  await proxy.cut();
});

test('a call greater than a request arrives whole and in order', async () => {
  await using system = await topicSystem('large', 1);
  const producer = system.kafka.producer();
  await until(() => kept(producer.ready()), 'the producer is connected');
  const values = numbers(40).map((n) => n.padStart(60_000, '0'));
  await producer.publish(values.map((value) => record(system.topic, value)));
  expect(await system.values()).toEqual(values);
  await producer.stop();
});

test('a full queue refuses at once, and what it took arrives', async () => {
  await using system = await topicSystem('full', 1);
  const producer = system.kafka.producer({ queueMax: 10 });
  await until(() => kept(producer.ready()), 'the producer is connected');
  const taken = numbers(10).map((n) => producer.publish([record(system.topic, n)]));
  const refused = producer.publish([record(system.topic, 'too much')]);
  await expect(refused).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('too much') });
  await Promise.all(taken);
  expect(await system.values()).toEqual(numbers(10));
  await producer.stop();
});

test('stopping sends what is queued, and takes nothing more', async () => {
  await using system = await topicSystem('stop', 1);
  const producer = system.kafka.producer();
  await until(() => kept(producer.ready()), 'the producer is connected');
  const sent = Promise.all(numbers(2500).map((n) => producer.publish([record(system.topic, n)])));
  const stopped = producer.stop();
  await expect(producer.publish([record(system.topic, 'late')])).rejects.toMatchObject({ code: 'unavailable' });
  await Promise.all([sent, stopped]);
  expect(await system.values()).toEqual(numbers(2500));
});

test(
  'without a broker it refuses at once, and publishes once one is there',
  async () => {
    await using system = await topicSystem('start', 1);
    const proxy = await brokerProxy(brokers[0]!);
    await proxy.cut();
    const producer = system.connect([proxy.address]).producer();
    await expect(producer.publish([record(system.topic, 'early')])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('nothing was taken'),
    });
    await expect(producer.ready()).rejects.toMatchObject({ code: 'unavailable' });
    await proxy.restore();
    await until(() => kept(producer.ready()), 'the producer is connected');
    await producer.publish([record(system.topic, 'now')]);
    expect(await system.values()).toEqual(['now']);
    await producer.stop();
    await proxy.cut();
  },
  LONG_MS,
);

test(
  'a broker that goes away under load: what was confirmed is there, in order, and it goes on by itself',
  async () => {
    await using system = await topicSystem('away', 1);
    const proxy = await brokerProxy(brokers[0]!);
    const producer = system.connect([proxy.address]).producer();
    await until(() => kept(producer.ready()), 'the producer is connected');

    const confirmed: string[] = [];
    const publish = (n: number) =>
      producer.publish([record(system.topic, String(n))]).then(
        () => void confirmed.push(String(n)),
        () => 'refused',
      );
    let n = 0;
    for (let cut = 0; cut < 3; cut++) {
      const before = confirmed.length;
      await until(async () => {
        await publish(n++);
        return confirmed.length >= before + 20;
      }, 'records are confirmed');
      const underWay = Array.from({ length: 50 }, () => publish(n++));
      await proxy.cut();
      await Promise.all(underWay);
      await until(async () => (await publish(n++)) === 'refused', 'the producer notices');
      await proxy.restore();
    }
    await until(() => kept(producer.ready()), 'the producer is connected again');
    await producer.publish([record(system.topic, 'the end')]);

    const there = await system.values();
    expect(there.at(-1)).toBe('the end');
    expect(there.filter((value) => confirmed.includes(value))).toEqual(confirmed);
    expect(new Set(there).size).toBe(there.length);
    await producer.stop();
    await proxy.cut();
  },
  LONG_MS,
);
