import { expect, test } from '@jest/globals';
import type { Recorded } from '@lingquan/recording';
import { runCompare } from './run-compare.ts';
import type { ToldDifference } from './run-compare.ts';
import type { Source } from './source.ts';

const issuers = [
  'coupon.events',
  'ingress.replies',
  'payment.notifications',
  'wechat.inbound.dlq',
  'coupon.commands.dlq',
];

let offset = 0;
const record = (topic: string, id: string, type = 'coupon.claimed'): Recorded => ({
  topic,
  partition: 0,
  offset: offset++,
  timestampMs: 0,
  key: null,
  value: Buffer.from(id),
  headers: { ce_id: id, ce_type: type, ce_source: 'coupon-issuer' },
});

const side = (name: string, records: Recorded[], without: string[] = []): Source => ({
  name,
  cutOff: false,
  covers: async (topics) => topics.filter((topic) => !without.includes(topic)),
  read: async (topics, take) => take(records.filter(({ topic }) => topics.includes(topic))),
});

async function compared(a: Source, b: Source) {
  const differences: ToldDifference[] = [];
  const comparison = await runCompare(a, b, {
    onDifference: (difference) => void differences.push(difference),
    onRead: () => undefined,
  });
  return { ...comparison, verdicts: differences.map(({ verdict }) => verdict) };
}

const fact = record('coupon.events', 'f1');
const dead = record('wechat.inbound.dlq', 'd1', 'wechat.text');

test('what one side put aside and the other did not is a difference, though the other has no dead letters at all', async () => {
  const found = await compared(side('a', [fact, dead]), side('b', [fact]));
  expect(found).toMatchObject({ same: false, leftOut: [], verdicts: ['only in A'] });
  expect(found.types).toContainEqual(expect.objectContaining({ topic: 'wechat.inbound.dlq', a: 1, b: 0, onlyInA: 1 }));
});

test('an outcome without any event differs from one that has some', async () => {
  expect(await compared(side('a', []), side('b', [fact]))).toMatchObject({ same: false, verdicts: ['only in B'] });
});

test('two that said nothing are the same', async () => {
  expect(await compared(side('a', []), side('b', []))).toMatchObject({ same: true, compared: issuers, types: [] });
});

test('a topic that one side was made without is told, and changes nothing', async () => {
  expect(await compared(side('a', [fact], ['wechat.inbound.dlq']), side('b', [fact, dead]))).toMatchObject({
    same: true,
    leftOut: ['wechat.inbound.dlq'],
    verdicts: [],
  });
});

test('two without a topic in common are never the same', async () => {
  expect(await compared(side('a', [fact]), side('b', [fact], issuers))).toMatchObject({
    same: false,
    compared: [],
    leftOut: issuers,
  });
});
