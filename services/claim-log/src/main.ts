import { fileURLToPath } from 'node:url';
import { deadLetterTopic, topics } from '@lingquan/events';
import { exactlyOnceMigrations, startProcessor } from '@lingquan/exactly-once';
import { listen } from '@lingquan/http';
import { connectKafka } from '@lingquan/kafka';
import { databaseName, openStore } from '@lingquan/postgres';
import type { Host, Running } from '@lingquan/service';
import { Registry } from 'prom-client';
import type { Config } from './config.ts';
import { eventRecorder } from './consumers/coupon-events.ts';
import { routes } from './http/routes.ts';
import { eventPartitions, monthsAhead } from './store/partitions.ts';

/** The tables of claim-log's own, beside those of exactly-once. */
export const migrations = { dir: fileURLToPath(new URL('../migrations', import.meta.url)), table: 'migration' };

const events = topics.couponEvents;
const deadLetters = { name: deadLetterTopic(events.name), partitions: 1 };

/** Builds claim-log and starts it. Dependencies are created here and nowhere else. */
export async function start(config: Config, { log, onFatal }: Host): Promise<Running> {
  await using opened = new AsyncDisposableStack(); // closes what is open if a later line throws
  const metrics = new Registry();
  const { topicPrefix } = config;
  const database = databaseName(topicPrefix, 'claim_log');
  const store = opened.adopt(
    await openStore({ url: config.postgresUrl, database, migrations: [exactlyOnceMigrations, migrations], log }),
    (s) => s.close(),
  );
  const partitions = eventPartitions(store.pool);
  await partitions.ensure(monthsAhead(Date.now()));

  const kafka = opened.adopt(
    connectKafka({ brokers: config.kafkaBrokers, clientId: 'claim-log', log, topicPrefix }),
    (k) => k.close(),
  );
  await kafka.ensureTopics([events, deadLetters]);
  const processor = opened.adopt(
    await startProcessor({
      group: 'claim-log',
      topics: [events.name],
      gatherMs: 100,
      kafka,
      store,
      log,
      metrics,
      decide: eventRecorder({ topicPrefix, partitions, log }),
      onFatal,
    }),
    (p) => p.stop(),
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
  return { url: http.url, stop: () => running.disposeAsync() }; // in reverse: no more questions, no more records, then the pool
}
