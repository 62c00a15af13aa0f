import { fileURLToPath } from 'node:url';
import { deadLetterTopic, topics } from '@lingquan/events';
import { exactlyOnceMigrations, startProcessor } from '@lingquan/exactly-once';
import { listen } from '@lingquan/http';
import { connectKafka } from '@lingquan/kafka';
import { databaseName, openStore } from '@lingquan/postgres';
import type { Host } from '@lingquan/service';
import { Registry } from 'prom-client';
import type { Config } from './config.ts';
import { roundDecider } from './consumers/decide-round.ts';
import { couponRoutes } from './http/coupon-routes.ts';
import { routes } from './http/routes.ts';
import { SOURCE } from './publish/follow.ts';
import { startTimers } from './timers/fire-timers.ts';

/** The tables of the issuer's own, beside those of exactly-once. */
export const migrations = { dir: fileURLToPath(new URL('../migrations', import.meta.url)), table: 'migration' };

/** In the order a round decides them: a command counts for the pushes that came with it. */
const reads = [topics.couponCommands, topics.wechatInbound];
const writes = [
  topics.couponEvents,
  topics.couponJournal,
  topics.ingressReplies,
  topics.paymentNotifications,
  ...reads.map(({ name }) => ({ name: deadLetterTopic(name), partitions: 1 })),
];

/** Builds the coupon issuer and starts it. Dependencies are created here and nowhere else. */
export async function start(config: Config, { log, onFatal }: Host) {
  await using opened = new AsyncDisposableStack(); // closes what is open if a later line throws
  const metrics = new Registry();
  const database = databaseName(config.topicPrefix, 'coupon_issuer');
  const store = opened.adopt(
    await openStore({ url: config.postgresUrl, database, migrations: [exactlyOnceMigrations, migrations], log }),
    (s) => s.close(),
  );
  const kafka = opened.adopt(
    connectKafka({ brokers: config.kafkaBrokers, clientId: 'coupon-issuer', log, topicPrefix: config.topicPrefix }),
    (k) => k.close(),
  );
  await kafka.ensureTopics([...reads, ...writes]);
  const processor = opened.adopt(
    await startProcessor({
      group: 'coupon-issuer',
      topics: reads.map(({ name }) => name),
      kafka,
      store,
      log,
      metrics,
      decide: roundDecider(config),
      journalSource: SOURCE,
      onFatal,
    }),
    (p) => p.stop(),
  );
  if (config.timers)
    opened.adopt(startTimers({ pool: store.pool, producer: kafka.producer(), log, metrics }), (t) => t.stop());
  const http = opened.adopt(
    await listen({
      host: config.host,
      port: config.port,
      log,
      metrics,
      ready: () => processor.ready(),
      routes: [routes(store.pool), couponRoutes(store.pool)],
    }),
    (h) => h.stop(),
  );
  const running = opened.move();
  return { url: http.url, stop: () => running.disposeAsync() };
}
