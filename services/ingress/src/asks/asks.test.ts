import { create } from '@bufbuild/protobuf';
import { afterEach, expect, test } from '@jest/globals';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { Registry } from 'prom-client';
import { instruments } from '../metrics.ts';
import { openAsks } from './asks.ts';
import type { AsksOptions } from './asks.ts';

const noRule = { case: 'noRule', value: {} } as const;
const reply = (causeId: string) => create(ReplySchema, { causeId, outcome: noRule });
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Asks over a producer that confirms when the test says so. */
function opened(options: Partial<AsksOptions> = {}) {
  const records: OutgoingRecord[] = [];
  const confirmations: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const producer = {
    publish: ([record]: OutgoingRecord[]) => {
      records.push(record!);
      return new Promise<void>((resolve, reject) => confirmations.push({ resolve, reject }));
    },
    ready: async () => undefined,
    stop: async () => undefined,
  };
  const metrics = instruments(new Registry());
  const place = { instance: 'i-1', replyPartition: 3 };
  const asks = openAsks({ producer, metrics, waitMs: 10_000, max: 3, ...place, hears: () => true, ...options });
  closing.push(asks.stop);
  const ask = (id: string) =>
    asks.ask(
      {
        id,
        record: (replyTo) => ({ topic: 't', key: id, value: Buffer.from(JSON.stringify(replyTo)), headers: {} }),
      },
      1000,
    );
  return { asks, ask, records, confirmations };
}

test('a command carries where its outcome is waited for, and until when', async () => {
  const { ask, asks, records } = opened();
  const asked = ask('a');
  expect(JSON.parse(String(records[0]!.value))).toEqual({ instance: 'i-1', partition: 3, deadlineMs: 11_000 });
  expect(asks.hear(reply('a'))).toBe(true); // also before Kafka confirmed
  expect(await asked).toMatchObject({ case: 'noRule' });
});

test('the same command joins the wait and is published once; others have waits of their own', async () => {
  const { ask, asks, records } = opened();
  const [first, again, other] = [ask('a'), ask('a'), ask('b')];
  expect(records.map(({ key }) => key)).toEqual(['a', 'b']);
  asks.hear(reply('b'));
  asks.hear(reply('a'));
  expect(await Promise.all([first, again, other])).toHaveLength(3);
  void ask('a').catch(() => undefined);
  expect(records).toHaveLength(3); // the wait is over: asked again
});

test('an outcome nobody waits for is left to others', () => {
  expect(opened().asks.hear(reply('a'))).toBe(false);
});

test('late when it is durable and nothing came; unavailable when it is not even that', async () => {
  const { ask, confirmations } = opened({ waitMs: 30 });
  const [durable, lost] = [ask('a'), ask('b')];
  confirmations[0]!.resolve();
  expect(await durable).toBe('late');
  await expect(lost).rejects.toMatchObject({ code: 'unavailable' });
});

test('what Kafka does not take is refused, and can be asked again', async () => {
  const { ask, asks, confirmations, records } = opened();
  const asked = ask('a');
  confirmations[0]!.reject(new Error('no broker'));
  await expect(asked).rejects.toThrow('no broker');
  const again = ask('a');
  expect(records).toHaveLength(2);
  asks.hear(reply('a'));
  expect(await again).toMatchObject({ case: 'noRule' });
});

test('no more than fit, and none before outcomes can be heard', async () => {
  const { ask, asks } = opened();
  const fitting = ['a', 'b', 'c'].map(ask);
  await expect(ask('d')).rejects.toMatchObject({ code: 'unavailable' });
  for (const id of ['a', 'b', 'c']) asks.hear(reply(id));
  await Promise.all(fitting);
  await expect(opened({ hears: () => false }).ask('a')).rejects.toMatchObject({ code: 'unavailable' });
});

test('a command that cannot be written leaves no wait behind', async () => {
  const { asks } = opened();
  const broken = () =>
    asks.ask(
      {
        id: 'a',
        record: () => {
          throw new Error('broken');
        },
      },
      0,
    );
  expect(broken).toThrow('broken');
  expect(asks.hear(reply('a'))).toBe(false);
});
