import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { outcomeId, toHeaders, topics } from '@lingquan/events';
import { CouponEventSchema, RefusalReason } from '@lingquan/events/coupon.ts';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { databaseName } from '@lingquan/postgres';
import { isolate, until } from '@lingquan/test-kit';
import { Client } from 'pg';
import { config } from '../src/config.ts';
import { start } from '../src/main.ts';

export const appid = 'wx1';
export const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
export const atMs = Date.UTC(2026, 10, 21, 8);

type Fact = MessageInitShape<typeof CouponEventSchema>['event'];
type Said = { campaignId: string; openid?: string; timeMs?: number; causeId?: string };

/** A record of coupon.events as the issuer publishes it; the same `causeId` is the same fact. */
export function fact(
  type: string,
  event: Fact,
  { campaignId, openid = '', timeMs = atMs, causeId = randomUUID() }: Said,
): OutgoingRecord {
  const message = create(CouponEventSchema, {
    causeId,
    appid,
    campaignId,
    openid,
    ...(event === undefined ? {} : { event }),
  });
  return {
    topic: topics.couponEvents.name,
    key: openid === '' ? campaignId : openid,
    value: Buffer.from(toBinary(CouponEventSchema, message)),
    headers: toHeaders({ id: outcomeId(causeId, type), source: 'coupon-issuer', type, timeMs, traceparent }),
  };
}

/** A record of payment.events as payment publishes it. */
export function paymentFact(
  type: string,
  event: MessageInitShape<typeof PaymentEventSchema>['event'],
  { outTradeNo, code = '', timeMs = atMs }: { outTradeNo: string; code?: string; timeMs?: number },
): OutgoingRecord {
  const causeId = randomUUID();
  const message = create(PaymentEventSchema, {
    causeId,
    appid,
    openid: 'o1',
    outTradeNo,
    couponCode: code,
    ...(event === undefined ? {} : { event }),
  });
  return {
    topic: topics.paymentEvents.name,
    key: outTradeNo,
    value: Buffer.from(toBinary(PaymentEventSchema, message)),
    headers: toHeaders({ id: outcomeId(causeId, type), source: 'payment', type, timeMs, traceparent }),
  };
}

export const created = (said: Said) => fact('campaign.created', { case: 'campaignCreated', value: {} }, said);
export const claimed = (code: string, said: Said) =>
  fact('coupon.claimed', { case: 'couponClaimed', value: { code, campaignName: '春日券' } }, said);
export const refused = (said: Said, reason: RefusalReason = RefusalReason.SOLD_OUT) =>
  fact('coupon.claim_refused', { case: 'couponClaimRefused', value: { reason } }, said);

export type Item = {
  id: string;
  type: string;
  time: string;
  openid: string | null;
  campaignId: string | null;
  code: string | null;
  outTradeNo: string | null;
  kafka: { topic: string; partition: number; offset: number };
};
export type Page = { items: Item[]; next: string | null };

export const keys = { CLAIM_LOG_MASK_KEY: 'a1'.repeat(32), WEBHOOK_KEY: 'b2'.repeat(32) };

/** A claim-log of its own on real servers, stopped and removed by `await using`. */
export async function logSystem(name: string, settingsOfTest: Record<string, string> = {}) {
  const isolated = isolate(name);
  const env = { ...isolated.env, ...keys, ...settingsOfTest };
  const fatal: Error[] = [];
  const settings = config({ ...env, CLAIM_LOG_PORT: '0' });
  const launch = () => start(settings, { log: isolated.log, onFatal: (error) => void fatal.push(error) });
  let running = await launch();
  const others: Awaited<ReturnType<typeof launch>>[] = [];
  const producer = isolated.kafka.producer();
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  const url = new URL(isolated.env.POSTGRES_URL);
  url.pathname = `/${databaseName(isolated.prefix, 'claim_log')}`;

  const rows = async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      return (await client.query<R>(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  const get = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(running.url + path);
    return { status: response.status, body: await response.json() };
  };
  const page = async (query: string): Promise<Page> => (await get(`/events?${query}`)).body as Page;

  /** Every page from `cursor` on, and the last cursor that was given out. */
  const pages = async (query: string, from?: string): Promise<{ items: Item[]; cursor: string | undefined }> => {
    const items: Item[] = [];
    for (let cursor = from; ;) {
      const { items: more, next } = await page(cursor === undefined ? query : `${query}&cursor=${cursor}`);
      items.push(...more);
      if (next === null) return { items, cursor };
      cursor = next;
    }
  };
  return {
    ...isolated,
    env,
    url: () => running.url,
    /** One more instance on the same store. */
    launchAnother: async () => {
      const other = await launch();
      others.push(other);
      return other;
    },
    rows,
    get,
    page,
    pages,
    publish: producer.publish,
    /** Resolves when the store stands at the end of every partition it reads. */
    settled: () =>
      until(
        async () => {
          const positions = await rows<{ topic: string; partition: number; next_offset: string }>(
            'select * from position',
          );
          const there = (topic: string, partition: number) =>
            Number(positions.find((row) => row.topic === topic && row.partition === partition)?.next_offset);
          const ends = [topics.couponEvents.name, topics.paymentEvents.name].map(async (topic) =>
            (await isolated.kafka.offsets(topic)).every(({ partition, high }) => there(topic, partition) === high),
          );
          if (!(await Promise.all(ends)).every((end) => end)) return false;
          return (await rows('select 1 from outbox')).length === 0; // its dead letters
        },
        'claim-log caught up',
        30_000,
      ),
    stop: () => running.stop(),
    launch: async () => {
      running = await launch();
    },
    [Symbol.asyncDispose]: async () => {
      await running.stop();
      for (const other of others) await other.stop();
      await producer.stop();
      await isolated.remove();
      if (fatal[0] !== undefined) throw fatal[0];
    },
  };
}

export type LogSystem = Awaited<ReturnType<typeof logSystem>>;
