import { fileURLToPath } from 'node:url';
import { openBreaker } from '@lingquan/breaker';
import type { BreakerOptions } from '@lingquan/breaker';
import { deadLetterTopic, topics } from '@lingquan/events';
import { exactlyOnceMigrations, startProcessor } from '@lingquan/exactly-once';
import { listen } from '@lingquan/http';
import { connectKafka } from '@lingquan/kafka';
import { databaseName, openStore } from '@lingquan/postgres';
import { connectRedis, redisConnected } from '@lingquan/redis';
import type { Host, Running } from '@lingquan/service';
import { connectWechatApi } from '@lingquan/wechat-api';
import { Registry } from 'prom-client';
import { callbackIpsRefresher } from './callback-ips.ts';
import type { Config } from './config.ts';
import { deliveryTaker } from './consumers/take.ts';
import { routes } from './http/routes.ts';
import { measureNotifier } from './metrics.ts';
import { attempt } from './sending/attempt.ts';
import { oncePerMinute } from './sending/once-per-minute.ts';
import { couponOutcomes } from './sending/outcomes.ts';
import { quotaHolds } from './sending/quota-holds.ts';
import { startSender } from './sending/sender.ts';
import { endUncertain } from './sending/stuck.ts';
import { markSending, removeOld } from './store/deliveries.ts';
import { startUpkeep } from '@lingquan/service/upkeep.ts';

/** The tables of the notifier's own, beside those of exactly-once. */
export const migrations = { dir: fileURLToPath(new URL('../migrations', import.meta.url)), table: 'migration' };

const reads = [topics.notifierCommands, topics.couponEvents];
const writes = [topics.notifierEvents, ...reads.map(({ name }) => ({ name: deadLetterTopic(name), partitions: 1 }))];

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
const KEPT_MS = 30 * DAY_MS;

/** Times that tests shorten. */
export type Patience = {
  /** How long a message may be `sending` until its sender is held to be gone. */
  sendingMaxMs?: number;
  breaker?: Pick<BreakerOptions, 'callsMin' | 'resetMs'>;
  callTimeoutMs?: number;
};

/** Builds the notifier and starts it. Dependencies are created here and nowhere else. */
export async function start(config: Config, { log, onFatal }: Host, patience: Patience = {}): Promise<Running> {
  await using opened = new AsyncDisposableStack(); // closes what is open if a later line throws
  const metrics = new Registry();
  const { topicPrefix, accounts } = config;
  const appids = accounts.map(({ appid }) => appid);

  const store = opened.adopt(
    await openStore({
      url: config.postgresUrl,
      database: databaseName(topicPrefix, 'notifier'),
      migrations: [exactlyOnceMigrations, migrations],
      log,
    }),
    (s) => s.close(),
  );
  const redis = opened.adopt(connectRedis(config.redisUrl, { log }), (r) => r.disconnect());
  await redisConnected(redis);
  const api = opened.adopt(
    connectWechatApi({
      baseUrl: config.wechatApiUrl,
      accounts,
      log,
      metrics,
      shared: { redis, prefix: topicPrefix },
      ...(patience.breaker === undefined ? {} : { breaker: patience.breaker }),
      ...(patience.callTimeoutMs === undefined ? {} : { timeoutMs: patience.callTimeoutMs }),
    }),
    (a) => a.stop(),
  );
  const outcomes = opened.adopt(
    couponOutcomes(config.couponIssuerUrl, openBreaker({ name: 'coupon-issuer', log, metrics, ...patience.breaker })),
    (o) => o.stop(),
  );
  const kafka = opened.adopt(
    connectKafka({ brokers: config.kafkaBrokers, clientId: 'notifier', log, topicPrefix }),
    (k) => k.close(),
  );
  await kafka.ensureTopics([...reads, ...writes]);
  let wakeSender = (): void => undefined; // there is none before there is something to say things with
  const processor = opened.adopt(
    await startProcessor({
      group: 'notifier',
      gatherMs: 100,
      topics: reads.map(({ name }) => name),
      kafka,
      store,
      log,
      metrics,
      decide: deliveryTaker(log),
      onCommitted: () => wakeSender(),
      onFatal,
    }),
    (p) => p.stop(),
  );
  const { say } = processor;
  const measure = measureNotifier(metrics, store.pool);
  const deps = {
    api,
    outcomes,
    holds: quotaHolds(),
    appids: new Set(appids),
    language: config.language,
    log,
    shouldAlarm: oncePerMinute(),
    markSending: (delivery: Parameters<typeof markSending>[1]) => markSending(store.pool, delivery),
  };
  const sender = opened.adopt(
    startSender({ pool: store.pool, say, attempt: (delivery) => attempt(delivery, deps), measure, log }),
    (s) => s.stop(),
  );
  wakeSender = sender.wake;

  const sendingMaxMs = patience.sendingMaxMs ?? 60 * SECOND_MS;
  const upkeep = (what: string, everyMs: number, work: () => Promise<void>) =>
    opened.adopt(startUpkeep(what, everyMs, work, log), (u) => u.stop());
  upkeep('ending what was being sent', Math.min(5 * SECOND_MS, sendingMaxMs), () =>
    endUncertain(say, measure, log, sendingMaxMs),
  );
  upkeep('forgetting old deliveries', 60 * SECOND_MS, async () => void (await removeOld(store.pool, KEPT_MS, 5000)));
  upkeep(
    'refreshing the callback addresses',
    60 * SECOND_MS,
    callbackIpsRefresher({ api, redis, prefix: topicPrefix, appids, log }),
  );

  const http = opened.adopt(
    await listen({
      host: config.host,
      port: config.port,
      log,
      metrics,
      ready: () => processor.ready(),
      routes: [routes(store.pool)],
    }),
    (h) => h.stop(),
  );
  const running = opened.move();
  return { url: http.url, stop: () => running.disposeAsync() };
}
