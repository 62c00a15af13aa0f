import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { connectKafka } from '@lingquan/kafka';
import { createLog } from '@lingquan/log';
import { CouponEventSchema } from '../src/coupon.ts';
import { toHeaders } from '../src/envelope.ts';
import { uuidOf } from '../src/ids.ts';

/** The brokers `npm test` says to use. (The test kit stands on this package, so it cannot be used here.) */
export const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');

/** The id of claim `n`. */
export const claimId = (n: number): string => uuidOf('claim', String(n));

/** A coupon.claimed as coupon-issuer writes it. */
export const claimed = (n: number, partition: number) => ({
  topic: 'coupon.events',
  partition,
  key: `o${n}`,
  value: Buffer.from(
    toBinary(
      CouponEventSchema,
      create(CouponEventSchema, {
        causeId: uuidOf('push', String(n)),
        appid: 'wx1',
        campaignId: 'c1',
        openid: `o${n}`,
        event: { case: 'couponClaimed', value: { code: `CODE${n}`, campaignName: '春日', value: { valueFen: 500n } } },
      }),
    ),
  ),
  headers: toHeaders({ id: claimId(n), source: 'coupon-issuer', type: 'coupon.claimed', timeMs: Date.now() }),
});

/** A system of its own with coupon.events (2 partitions) and two further topics; `await using` removes it. */
export async function eventSystem(name: string) {
  const prefix = `t-${name}-${randomBytes(4).toString('hex')}.`;
  const log = createLog({ service: 'test', level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  const kafka = connectKafka({ brokers, clientId: 'test', log, topicPrefix: prefix });
  await kafka.ensureTopics([
    { name: 'coupon.events', partitions: 2 },
    { name: 'payment.events', partitions: 1 },
    { name: 'team.dlq', partitions: 1 },
  ]);
  const producer = kafka.producer();
  await until(() => kept(producer.ready()), 'a producer');
  return {
    prefix,
    kafka,
    publish: producer.publish,
    /** Claims `from` up to but without `to`, divided over the two partitions. */
    claims: (from: number, to: number) =>
      producer.publish(Array.from({ length: to - from }, (_, i) => claimed(from + i, (from + i) % 2))),
    [Symbol.asyncDispose]: async () => {
      await producer.stop();
      await kafka.removeTopics();
      await kafka.close();
    },
  };
}

/** Resolves once `check` holds; rejects after `deadlineMs`. */
export async function until(check: () => boolean | Promise<boolean>, what: string, deadlineMs = 20_000): Promise<void> {
  for (const end = Date.now() + deadlineMs; Date.now() < end; await delay(20)) if (await check()) return;
  throw new Error(`not within ${deadlineMs} ms: ${what}`);
}

/** Whether a promise is kept, for conditions to wait for. */
export const kept = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );
