import { readAccounts } from '@lingquan/accounts';
import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { topics } from '@lingquan/events';
import { languages } from '@lingquan/wording';
import { z } from 'zod';
import { isRange } from './domain/addresses.ts';

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
  }));

/** Everything ingress can be told. Holds the accounts' secrets: never log it whole. */
export type Config = Readonly<z.output<typeof schema> & { accounts: ReturnType<typeof readAccounts> }>;

/** Throws `invalid`, naming every variable that is missing or wrong, never what it holds. */
export const config = (env: Env): Config => Object.freeze({ ...readConfig(schema, env), accounts: readAccounts(env) });
