import { randomUUID } from 'node:crypto';
import { topics } from '@lingquan/events';
import { listen } from '@lingquan/http';
import { connectKafka } from '@lingquan/kafka';
import { connectRedis, redisConnected } from '@lingquan/redis';
import type { Host, Running } from '@lingquan/service';
import { openLogins } from '@lingquan/wechat-api';
import { Registry } from 'prom-client';
import { openAsks } from './asks/asks.ts';
import type { Config } from './config.ts';
import { startReplies } from './consumers/replies.ts';
import { addressesOf } from './domain/addresses.ts';
import { apiRoute } from './http/api/route.ts';
import { openDoor } from './http/door.ts';
import { noticeRoute } from './http/pay/notice-route.ts';
import { pushRoute } from './http/push-route.ts';
import { shopRoutes } from './http/shop.ts';
import { openIntake } from './intake/intake.ts';
import { instruments } from './metrics.ts';
import { watchPlatformKeys } from './pay/platform-keys.ts';
import { noticeRecord } from './publish/notices.ts';
import { within } from './publish/within.ts';
import { askCouponIssuer } from './questions/coupon-issuer.ts';
import { askPayment } from './questions/payment.ts';
import { openService } from './questions/service.ts';
import { watchCallbackAddresses } from './store/callback-addresses.ts';
import { openRecall } from './store/recall.ts';
import { openSessions } from './store/sessions.ts';

/** What a test may bring instead of the process's own. */
export type Given = {
  /** The clock pushes are checked and stamped with; milliseconds since 1970. */
  now?: () => number;
};

/**
 * Builds ingress and starts it; resolves when pushes can be taken. The door is open before that, and says 503 while Kafka is
 * not there. Dependencies are created here and nowhere else.
 */
export async function start(config: Config, { log, onFatal }: Host, { now = Date.now }: Given = {}): Promise<Running> {
  await using opened = new AsyncDisposableStack(); // closes what is open if a later line throws
  const { topicPrefix, accounts } = config;
  const registry = new Registry();
  const metrics = instruments(registry);
  const instance = randomUUID();
  const replyPartition =
    config.replyPartition ?? Number.parseInt(instance.slice(0, 8), 16) % topics.ingressReplies.partitions;

  const redis = opened.adopt(connectRedis(config.redisUrl, { log }), (r) => r.disconnect());
  await redisConnected(redis);
  const kafka = opened.adopt(
    connectKafka({ brokers: config.kafkaBrokers, clientId: 'ingress', log, topicPrefix }),
    (k) => k.close(),
  );
  const producer = opened.adopt(kafka.producer({ queueMax: config.underWayMax, gatherMs: 8 }), (p) => p.stop());
  const callbackAddresses = opened.adopt(
    await watchCallbackAddresses(
      redis,
      topicPrefix,
      accounts.map(({ appid }) => appid),
      () => metrics.redisFailed('callback addresses'),
    ),
    (c) => c.stop(),
  );
  const replies = opened.adopt(
    startReplies({
      kafka,
      producer,
      instance,
      partition: replyPartition,
      log,
      metrics,
      onReply: (reply) => void (asks.hear(reply) || intake.hear(reply)),
      onFatal,
    }),
    (r) => r.stop(),
  );
  const intake = opened.adopt(
    openIntake({
      producer,
      recall: openRecall(redis, topicPrefix, config.limits),
      metrics,
      language: config.language,
      outcomeWaitMs: config.outcomeWaitMs,
      underWayMax: config.underWayMax,
      instance,
      replyPartition,
      hears: replies.hears,
    }),
    (i) => i.stop(),
  );
  const asks = opened.adopt(
    openAsks({
      producer,
      metrics,
      waitMs: config.outcomeWaitMs,
      max: config.asksMax,
      instance,
      replyPartition,
      hears: replies.hears,
    }),
    (a) => a.stop(),
  );
  const serviceAt = (name: string, baseUrl: string) =>
    opened.adopt(openService({ name, baseUrl, log, metrics: registry }), (s) => s.stop());
  const payment = askPayment(serviceAt('payment', config.paymentUrl));
  const issuer = askCouponIssuer(serviceAt('coupon-issuer', config.couponIssuerUrl));
  const logins = opened.adopt(openLogins({ baseUrl: config.wechatApiUrl, log, metrics: registry }), (l) => l.stop());
  const { noticeKeys } = config;
  const platform = opened.adopt(
    watchPlatformKeys({
      publicKey: noticeKeys?.publicKey,
      fetch: noticeKeys === undefined ? async () => [] : payment.certificates,
      log,
      now,
    }),
    (p) => p.stop(),
  );
  const sessions = openSessions(redis, topicPrefix, config.writesPerMinute);
  const isProxy = addressesOf(config.trustedProxies);
  const door = openDoor({ allowed: config.allowedAddresses, perMinute: config.perAddressPerMinute, callbackAddresses });
  const http = opened.adopt(
    await listen({
      host: config.host,
      port: config.port,
      log,
      metrics: registry,
      ready: async () => {
        await Promise.all([replies.ready(), producer.ready()]);
      },
      routes: [
        pushRoute({
          accounts,
          intake,
          door,
          isProxy,
          maxAgeSeconds: config.maxAgeSeconds,
          metrics,
          log,
          now,
        }),
        noticeRoute({
          keys: noticeKeys,
          platform,
          publish: (notice, nowMs, ms) => within(ms, producer.publish([noticeRecord(notice, nowMs)])),
          metrics,
          log,
          now,
        }),
        apiRoute({
          routes: shopRoutes({
            ...config,
            logins,
            sessions,
            asks,
            publish: (record) => within(config.outcomeWaitMs, producer.publish([record])),
            payment,
            issuer,
            takesPayments: noticeKeys !== undefined,
            log,
          }),
          sessions,
          isProxy,
          metrics,
          log,
          now,
        }),
      ],
    }),
    (h) => h.stop(),
  );
  await replies.started;
  const running = opened.move();
  return { url: http.url, stop: () => running.disposeAsync() };
}
