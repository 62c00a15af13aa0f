import { fileURLToPath } from 'node:url';
import { deadLetterTopic, topics } from '@lingquan/events';
import { exactlyOnceMigrations, startProcessor } from '@lingquan/exactly-once';
import { listen } from '@lingquan/http';
import { connectKafka } from '@lingquan/kafka';
import { databaseName, openStore } from '@lingquan/postgres';
import type { Host, Running } from '@lingquan/service';
import { Registry } from 'prom-client';
import { accessFor } from './access/access.ts';
import type { Config } from './config.ts';
import { eventRecorder } from './consumers/events.ts';
import { maskWith } from './domain/mask.ts';
import { asyncapiRoutes } from './http/asyncapi-route.ts';
import { eventViews } from './http/event-view.ts';
import { routes } from './http/routes.ts';
import { eventStreams } from './http/stream-route.ts';
import { webhookRoutes } from './http/webhook-routes.ts';
import { deliveryStore } from './store/deliveries.ts';
import { logOrder } from './store/log-order.ts';
import { eventPartitions, monthsAhead } from './store/partitions.ts';
import { webhookStore } from './store/webhooks.ts';
import { startTail } from './stream/tail.ts';
import { openPost } from './webhooks/post.ts';
import { startSender } from './webhooks/sender.ts';

/** The tables of claim-log's own, beside those of exactly-once. */
export const migrations = { dir: fileURLToPath(new URL('../migrations', import.meta.url)), table: 'migration' };

/** What is logged. Every round takes what both have, and is one transaction all the same. */
const events = [topics.couponEvents, topics.paymentEvents];
const deadLetters = events.map(({ name }) => ({ name: deadLetterTopic(name), partitions: 1 }));

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
  await kafka.ensureTopics([...events, ...deadLetters]);
  const processor = opened.adopt(
    await startProcessor({
      group: 'claim-log',
      topics: events.map(({ name }) => name),
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
  const access = accessFor(config.readers);
  const mask = config.maskKey === undefined ? undefined : maskWith(config.maskKey);
  const viewFor = eventViews(mask);
  const order = logOrder(store.pool);
  const tail = opened.adopt(await startTail({ url: store.url, order, log }), (t) => t.stop());
  const streams = eventStreams({ access, tail, order, viewFor, ...config.streams, log, metrics });

  const { keys, allowPrivate, countMax, timeoutMs, retry } = config.webhooks;
  const webhooks = webhookStore(store.pool);
  const deliveries = deliveryStore(store.pool);
  const post = opened.adopt(openPost({ timeoutMs, allowPrivate }), (p) => p.close());
  const sender = opened.adopt(
    startSender({ webhooks, deliveries, access, tail, post, viewFor, keys, retry, timeoutMs, log, metrics }),
    (s) => s.stop(),
  );
  const http = opened.adopt(
    await listen({
      host: config.host,
      port: config.port,
      log,
      metrics,
      ready: () => processor.ready(),
      routes: [
        asyncapiRoutes(),
        routes({ pool: store.pool, access, mask, viewFor, streams }),
        webhookRoutes({
          access,
          webhooks,
          deliveries,
          order,
          post,
          mask,
          keys,
          allowPrivate,
          countMax,
          onChanged: sender.wake,
        }),
      ],
    }),
    (h) => {
      const stopped = h.stop(); // takes no more connections first
      streams.close();
      return stopped;
    },
  );
  const running = opened.move();
  return { url: http.url, stop: () => running.disposeAsync() }; // in reverse: no more questions, no more records, then the pool
}
