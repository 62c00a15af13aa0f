import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { decode, envelopeOf, toHeaders, topics } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import { NotifierCommandSchema } from '@lingquan/events/gen/lingquan/notifier/v1/commands_pb.ts';
import { NotifierEventSchema } from '@lingquan/events/gen/lingquan/notifier/v1/events_pb.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { databaseName } from '@lingquan/postgres';
import { isolate, readTopic, until } from '@lingquan/test-kit';
import { connectRedis, redisConnected } from '@lingquan/redis';
import { Client } from 'pg';
import { config } from '../src/config.ts';
import { start } from '../src/main.ts';
import type { Patience } from '../src/main.ts';
import { issuerStub } from './issuer-stub.ts';
import { appid, platform, secret } from './platform.ts';

export const tellOutcome = (causeId: string, openid: string, timeMs = Date.now()): OutgoingRecord => ({
  topic: topics.notifierCommands.name,
  key: openid,
  value: Buffer.from(
    toBinary(
      NotifierCommandSchema,
      create(NotifierCommandSchema, { command: { case: 'tellOutcome', value: { causeId, appid, openid } } }),
    ),
  ),
  headers: toHeaders({ id: randomUUID(), source: 'ingress', type: 'notifier.tell_outcome', timeMs }),
});

export const couponEvent = (event: MessageInitShape<typeof CouponEventSchema>): OutgoingRecord => ({
  topic: topics.couponEvents.name,
  key: event.openid ?? '',
  value: Buffer.from(toBinary(CouponEventSchema, create(CouponEventSchema, { appid, campaignId: 'c', ...event }))),
  headers: toHeaders({ id: randomUUID(), source: 'coupon-issuer', type: 'coupon.claimed', timeMs: Date.now() }),
});

/** A notifier of its own on real servers, with the platform and a coupon issuer beside it; removed by `await using`. */
export async function notifierSystem(name: string, patience: Patience = {}) {
  const isolated = isolate(name);
  const { kafka, log } = isolated;
  const issuer = await issuerStub();
  const wechat = await platform();
  const env = {
    ...isolated.env,
    NOTIFIER_PORT: '0',
    WECHAT_API_URL: wechat.url,
    COUPON_ISSUER_URL: issuer.url,
    WECHAT_APP_ID: appid,
    WECHAT_APP_SECRET: secret,
    WECHAT_TOKEN: 'token2026',
  };
  const fatal: Error[] = [];
  const launch = () => start(config(env), { log, onFatal: (error) => void fatal.push(error) }, patience);
  const first = await launch();
  const running = [first];
  const stopAll = async () => {
    for (const one of running.splice(0)) await one.stop();
  };
  const producer = kafka.producer();
  await until(async () => producer.ready().then(() => true), 'the producer is connected');
  const database = new Client({
    connectionString: `${env.POSTGRES_URL}/${databaseName(env.TOPIC_PREFIX, 'notifier')}`,
  });
  await database.connect();
  const redis = connectRedis(env.REDIS_URL, { log });
  await redisConnected(redis);
  const redisKeys = () => redis.keys(`${env.TOPIC_PREFIX}*`);

  const rows = async <T extends object>(text: string, values: unknown[] = []) =>
    (await database.query<T>(text, values)).rows;
  /** What was said once everything that is decided has been: the store is ahead of what its relay has published. */
  const facts = async () => {
    await until(async () => (await rows('select 1 from outbox')).length === 0, 'everything is published');
    return (await readTopic(kafka, topics.notifierEvents.name)).map(({ headers, value }) => ({
      type: envelopeOf(headers).type,
      ...decode(NotifierEventSchema, value),
    }));
  };

  return {
    ...isolated,
    env,
    issuer,
    wechat,
    url: first.url,
    fatal,
    stopAll,
    startAnother: async () => void running.push(await launch()),
    redisKeys,
    removeRedisKeys: async () => void (await redis.del(...(await redisKeys()))),
    redisGet: (key: string) => redis.get(env.TOPIC_PREFIX + key),
    publish: (records: OutgoingRecord[]) => producer.publish(records),
    rows,
    facts,
    /** The delivery of this cause once it has ended, as its row and the one fact about it say. */
    ended: async (causeId: string) => {
      const [row] = await until(async () => {
        const found = await rows<{ state: string; reason: string | null; errcode: number; attempts: number }>(
          `select state, reason, errcode, attempts from delivery where cause_id = $1 and done_at is not null`,
          [causeId],
        );
        return found.length > 0 && found;
      }, 'the delivery has ended');
      const fact = await until(
        async () => (await facts()).find((one) => one.causeId === causeId),
        'the fact is published',
      );
      return { ...row!, fact: fact.event };
    },
    metric: async (line: string) =>
      (await (await fetch(`${first.url}/metrics`)).text()).split('\n').find((one) => one.startsWith(line)),
    [Symbol.asyncDispose]: async () => {
      await stopAll();
      await producer.stop();
      await database.end();
      redis.disconnect();
      await wechat.stop();
      await issuer.stop();
      await isolated.remove();
    },
  };
}
