import { fileURLToPath } from 'node:url';
import { deadLetterTopic, topics } from '@lingquan/events';
import { exactlyOnceMigrations, startProcessor } from '@lingquan/exactly-once';
import { listen } from '@lingquan/http';
import { connectKafka } from '@lingquan/kafka';
import { databaseName, openStore } from '@lingquan/postgres';
import type { Host, Running } from '@lingquan/service';
import { Registry } from 'prom-client';
import { startCaller } from './calls/caller.ts';
import { payableOrders } from './calls/payable.ts';
import { gatherResults } from './calls/results.ts';
import { wechatPay } from './calls/wechat-pay.ts';
import type { WechatPayDeps } from './calls/wechat-pay.ts';
import type { Config } from './config.ts';
import { roundTaker } from './consumers/take.ts';
import { routes } from './http/routes.ts';
import { measurePayment } from './metrics.ts';
import { reconcile } from './reconcile.ts';
import { settler } from './settling/settle.ts';
import { mendTasks } from './store/overview.ts';
import { startUpkeep } from '@lingquan/service/upkeep.ts';

/** The tables of payment's own, beside those of exactly-once. */
export const migrations = { dir: fileURLToPath(new URL('../migrations', import.meta.url)), table: 'migration' };

/** In the order a round decides them. */
const reads = [topics.paymentCommands, topics.paymentNotifications];
const writes = [
  topics.paymentEvents,
  topics.couponCommands,
  topics.ingressReplies,
  ...reads.map(({ name }) => ({ name: deadLetterTopic(name), partitions: 1 })),
];

const MINUTE_MS = 60_000;

/** Times that tests shorten. */
export type Patience = {
  /** How long a call belongs to the process that took it. */
  leaseMs?: number;
  calls?: Pick<WechatPayDeps, 'timeoutMs' | 'breaker' | 'retry'>;
};

/** Builds payment and starts it. Dependencies are created here and nowhere else. */
export async function start(config: Config, { log, onFatal }: Host, patience: Patience = {}): Promise<Running> {
  await using opened = new AsyncDisposableStack(); // closes what is open if a later line throws
  const metrics = new Registry();
  for (const warning of config.merchant.warnings) log.warn({ warning }, 'the merchant certificate is about to end');

  const store = opened.adopt(
    await openStore({
      url: config.postgresUrl,
      database: databaseName(config.topicPrefix, 'payment'),
      migrations: [exactlyOnceMigrations, migrations],
      log,
    }),
    (s) => s.close(),
  );
  const kafka = opened.adopt(
    connectKafka({ brokers: config.kafkaBrokers, clientId: 'payment', log, topicPrefix: config.topicPrefix }),
    (k) => k.close(),
  );
  await kafka.ensureTopics([...reads, ...writes]);
  const platform = opened.adopt(await wechatPay(config, { log, metrics, ...patience.calls }), (p) => p.stop());
  const measure = measurePayment(metrics, store.pool);
  const { refundGapMs, merchant } = config;
  const settle = settler({ mchid: merchant.mchid, refundGapMs, onSettled: measure.settled });
  let wakeCaller = (): void => undefined; // there is none before there is something to say things with
  const processor = opened.adopt(
    await startProcessor({
      group: 'payment',
      topics: reads.map(({ name }) => name),
      kafka,
      store,
      log,
      metrics,
      decide: roundTaker(settle, log),
      onCommitted: () => wakeCaller(),
      onFatal,
    }),
    (p) => p.stop(),
  );
  const { say } = processor;
  const caller = opened.adopt(
    startCaller({ pool: store.pool, platform, results: gatherResults(say, settle, log), log, ...patience }),
    (c) => c.stop(),
  );
  wakeCaller = caller.wake;
  const upkeep = (what: string, work: () => Promise<void>) =>
    opened.adopt(startUpkeep(what, MINUTE_MS, work, log), (u) => u.stop());
  upkeep('mending calls', async () => {
    const mended = await mendTasks(store.pool);
    if (mended > 0) log.warn({ mended }, 'open orders or refunds had no call due; they have now');
  });
  const { serialNo, certificateExpiresAtMs } = merchant;
  upkeep('looking at certificates', async () => {
    const platforms = (await platform.platformCertificates()).map((one) => ({ of: 'platform' as const, ...one }));
    measure.certificates([...platforms, { of: 'merchant', serialNo, expiresAtMs: certificateExpiresAtMs }]);
  });

  const http = opened.adopt(
    await listen({
      host: config.host,
      port: config.port,
      log,
      metrics,
      ready: () => processor.ready(),
      routes: [
        routes({
          pool: store.pool,
          platform,
          payable: payableOrders(store.pool, caller.wake),
          keys: platform.platformCertificates,
          reconcile: (date) => reconcile({ pool: store.pool, platform, say }, date),
        }),
      ],
    }),
    (h) => h.stop(),
  );
  const running = opened.move();
  return { url: http.url, stop: () => running.disposeAsync() };
}
