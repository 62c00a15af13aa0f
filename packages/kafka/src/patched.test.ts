import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';

/** The patched parts of kafkajs, and the ones they take the place of, which it still compresses with. */
const part = createRequire(import.meta.url) as (path: string) => unknown;
type Message = { key: string | Buffer | null; value: Buffer | null; headers?: object; timestamp?: string };
type Batch = { messages: Message[]; producerId: string; producerEpoch: number; firstSequence: number };
type Encoded = { buffer: Buffer };
const writeBatch = part('kafkajs/src/protocol/recordBatch/v0/writeBatch.js') as (batch: Batch) => Buffer;
const record = part('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (message: object) => Encoded;
const { RecordBatch: batchOf } = part('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch: (batch: object) => Promise<Encoded>;
};
const murmur2 = part('kafkajs/src/producer/partitioners/default/murmur2.js') as (key: string | Buffer) => number;

const AT = 1795279819776;
const texts = ['', 'coupon.claimed', '优惠券', 'é'.repeat(63), 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(300)];

/** Records of every size class: an empty one, one of a few bytes, and those whose own size takes one, two and three bytes more. */
const messages: Message[] = [
  { key: null, value: null, timestamp: String(AT) },
  { key: Buffer.from('k'), value: Buffer.alloc(3, 1), headers: {}, timestamp: String(AT + 7) },
  ...texts.map((text, n) => ({
    key: text,
    value: Buffer.alloc(n * 40, n),
    headers: { ce_id: text, [`header ${text}`]: Buffer.from(text), twice: ['a', Buffer.from(text)] },
    timestamp: String(AT + 40 * 24 * 3_600_000 * n), // further apart than 31 bits of milliseconds
  })),
  ...[8_000, 8_180, 8_185, 8_190, 8_200, 70_000, 1_100_000].map((size) => ({
    key: 'large',
    value: Buffer.alloc(size, 5),
    timestamp: String(AT),
  })),
];

test('a batch written into one buffer is the one kafkajs put together, to the byte', async () => {
  const producer = { producerId: '4711', producerEpoch: 3, firstSequence: 70_000 };
  const timestamps = messages.map(({ timestamp }) => Number(timestamp));
  const expected = await batchOf({
    ...producer,
    records: messages.map((message, place) =>
      record({ ...message, offsetDelta: place, timestampDelta: timestamps[place]! - AT }),
    ),
    firstTimestamp: AT,
    maxTimestamp: Math.max(...timestamps),
    lastOffsetDelta: messages.length - 1,
  });
  expect(writeBatch({ ...producer, messages }).equals(expected.buffer)).toBe(true);
});

test('a key goes to the partition where every Kafka client puts it', () => {
  // https://github.com/apache/kafka/blob/trunk/clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java
  const known = {
    '21': -973932308,
    foobar: -790332482,
    'a-little-bit-long-string': -985981536,
    'a-little-bit-longer-string': -1486304829,
    lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
    abc: 479470107,
  };
  for (const [key, hash] of Object.entries(known)) {
    expect(murmur2(key)).toBe(hash);
    expect(murmur2(Buffer.from(key))).toBe(hash);
  }
});
