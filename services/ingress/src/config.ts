import { readAccounts } from '@lingquan/accounts';
import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { topics } from '@lingquan/events';
import { readNoticeKeys } from '@lingquan/merchant';
import { languages } from '@lingquan/wording';
import { z } from 'zod';
import { isRange } from './domain/addresses.ts';
import { noGoods, readGoods } from './domain/goods.ts';

/** 0 turns a limit off. */
const limit = (fallback: number) => z.coerce.number().int().min(0).default(fallback);

const ranges = z
  .string()
  .default('')
  .transform((list) =>
    list
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  )
  .refine((list) => list.every(isRange), 'must be addresses or CIDR ranges, comma-separated');

const address = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an http:// or https:// address')
  .transform((text) => text.replace(/\/+$/, ''));

const schema = z
  .object({
    INGRESS_PORT: settings.port(8080),
    HOST: settings.host,
    KAFKA_BROKERS: settings.kafkaBrokers,
    REDIS_URL: settings.redisUrl,
    TOPIC_PREFIX: settings.topicPrefix,
    LOG_LEVEL: settings.logLevel,
    WECHAT_MAX_AGE_SECONDS: limit(600),
    /** WeChat must be answered within 4.5 s; what is left after the wait is for telling the notifier. */
    OUTCOME_WAIT_MS: z.coerce.number().int().min(100).max(4300).default(4000),
    LIMIT_PER_HOUR: limit(50),
    LIMIT_PER_DAY: limit(200),
    LIMIT_PER_ADDRESS_PER_MINUTE: z.coerce.number().int().min(0).optional(),
    ALLOWED_ADDRESSES: ranges,
    TRUSTED_PROXIES: ranges,
    INGRESS_REPLY_PARTITION: z.coerce
      .number()
      .int()
      .min(0)
      .max(topics.ingressReplies.partitions - 1)
      .optional(),
    INGRESS_UNDER_WAY_MAX: z.coerce.number().int().min(1).default(20_000),
    REPLY_LANGUAGE: z.enum(languages).default(languages[0]),
    WECHAT_API_URL: address.default('https://api.weixin.qq.com'),
    PAYMENT_URL: address.optional(),
    PAYMENT_PORT: settings.port(8082),
    COUPON_ISSUER_URL: address.optional(),
    COUPON_ISSUER_PORT: settings.port(8081),
    /** Below WeChat Pay's own two hours, after which what the client pays with is over (reference B.7). */
    PAYMENT_ORDER_MINUTES: z.coerce.number().int().min(1).max(110).default(15),
    /** `off`: a shopper's refund is refused; operators refund by the command line. */
    REFUNDS_BY_SHOPPERS: z.enum(['granted', 'off']).default('granted'),
    GOODS_FILE: z.string().optional(),
    TILL_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 characters without blanks')
      .optional(),
    LIMIT_WRITES_PER_MINUTE: limit(60),
    LIMIT_LOGINS_PER_ADDRESS_PER_MINUTE: z.coerce.number().int().min(0).optional(),
    INGRESS_ASKS_MAX: z.coerce.number().int().min(1).default(2000),
  })
  .transform((env) => ({
    port: env.INGRESS_PORT,
    host: env.HOST,
    kafkaBrokers: env.KAFKA_BROKERS,
    redisUrl: env.REDIS_URL,
    topicPrefix: env.TOPIC_PREFIX,
    maxAgeSeconds: env.WECHAT_MAX_AGE_SECONDS,
    outcomeWaitMs: env.OUTCOME_WAIT_MS,
    limits: { perHour: env.LIMIT_PER_HOUR, perDay: env.LIMIT_PER_DAY },
    /** Undefined means: the default, and not for loopback. */
    perAddressPerMinute: env.LIMIT_PER_ADDRESS_PER_MINUTE,
    allowedAddresses: env.ALLOWED_ADDRESSES,
    trustedProxies: env.TRUSTED_PROXIES,
    /** Undefined means: one chosen by the instance's id. */
    replyPartition: env.INGRESS_REPLY_PARTITION,
    underWayMax: env.INGRESS_UNDER_WAY_MAX,
    language: env.REPLY_LANGUAGE,
    wechatApiUrl: env.WECHAT_API_URL,
    paymentUrl: env.PAYMENT_URL ?? `http://127.0.0.1:${env.PAYMENT_PORT}`,
    couponIssuerUrl: env.COUPON_ISSUER_URL ?? `http://127.0.0.1:${env.COUPON_ISSUER_PORT}`,
    payMs: env.PAYMENT_ORDER_MINUTES * 60_000,
    refundsByShoppers: env.REFUNDS_BY_SHOPPERS,
    goods: env.GOODS_FILE === undefined ? noGoods : readGoods(env.GOODS_FILE),
    /** Undefined means: no tills here. */
    tillToken: env.TILL_TOKEN,
    writesPerMinute: env.LIMIT_WRITES_PER_MINUTE,
    /** Undefined means: the default, and not for loopback. */
    loginsPerAddressPerMinute: env.LIMIT_LOGINS_PER_ADDRESS_PER_MINUTE,
    asksMax: env.INGRESS_ASKS_MAX,
  }));

/** Everything ingress can be told. Holds the accounts' secrets: never log it whole. */
export type Config = Readonly<
  z.output<typeof schema> & {
    accounts: ReturnType<typeof readAccounts>;
    /** What opens WeChat Pay's notices; undefined means: no payments here. */
    noticeKeys: ReturnType<typeof readNoticeKeys>;
  }
>;

/** Throws `invalid`, naming every variable that is missing or wrong, never what it holds. */
export const config = (env: Env): Config =>
  Object.freeze({ ...readConfig(schema, env), accounts: readAccounts(env), noticeKeys: readNoticeKeys(env) });
