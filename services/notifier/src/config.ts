import { readAccounts } from '@lingquan/accounts';
import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { languages } from '@lingquan/wording';
import { z } from 'zod';

const address = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an http:// or https:// address')
  .transform((text) => text.replace(/\/+$/, ''));

const schema = z
  .object({
    NOTIFIER_PORT: settings.port(8083),
    HOST: settings.host,
    KAFKA_BROKERS: settings.kafkaBrokers,
    POSTGRES_URL: settings.postgresUrl,
    REDIS_URL: settings.redisUrl,
    TOPIC_PREFIX: settings.topicPrefix,
    LOG_LEVEL: settings.logLevel,
    WECHAT_API_URL: address.default('https://api.weixin.qq.com'),
    COUPON_ISSUER_URL: address.optional(),
    COUPON_ISSUER_PORT: settings.port(8081),
    REPLY_LANGUAGE: z.enum(languages).default(languages[0]),
  })
  .transform((env) => ({
    port: env.NOTIFIER_PORT,
    host: env.HOST,
    kafkaBrokers: env.KAFKA_BROKERS,
    postgresUrl: env.POSTGRES_URL,
    redisUrl: env.REDIS_URL,
    topicPrefix: env.TOPIC_PREFIX,
    logLevel: env.LOG_LEVEL,
    wechatApiUrl: env.WECHAT_API_URL,
    couponIssuerUrl: env.COUPON_ISSUER_URL ?? `http://127.0.0.1:${env.COUPON_ISSUER_PORT}`,
    language: env.REPLY_LANGUAGE,
  }));

/** Everything the notifier can be told. Holds the accounts' secrets: never log it whole. */
export type Config = Readonly<z.output<typeof schema> & { accounts: ReturnType<typeof readAccounts> }>;

/** Throws `invalid`, naming every variable that is missing or wrong, never what it holds. */
export const config = (env: Env): Config => Object.freeze({ ...readConfig(schema, env), accounts: readAccounts(env) });
