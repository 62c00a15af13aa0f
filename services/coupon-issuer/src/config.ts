import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { z } from 'zod';

const schema = z
  .object({
    COUPON_ISSUER_PORT: settings.port(8081),
    HOST: settings.host,
    KAFKA_BROKERS: settings.kafkaBrokers,
    POSTGRES_URL: settings.postgresUrl,
    TOPIC_PREFIX: settings.topicPrefix,
    LOG_LEVEL: settings.logLevel,
    COUPON_CODE_SECRET: z
      .string()
      .regex(/^[0-9a-f]{64,}$/i, 'must be at least 64 hex digits (32 bytes); openssl rand -hex 32 makes one'),
    /** off in a replay, where firings are on record already. */
    TIMERS: z.enum(['on', 'off']).default('on'),
  })
  .transform((env) => ({
    port: env.COUPON_ISSUER_PORT,
    host: env.HOST,
    kafkaBrokers: env.KAFKA_BROKERS,
    postgresUrl: env.POSTGRES_URL,
    topicPrefix: env.TOPIC_PREFIX,
    logLevel: env.LOG_LEVEL,
    timers: env.TIMERS === 'on',
    codeSecret: Buffer.from(env.COUPON_CODE_SECRET, 'hex'),
  }));

export type Config = Readonly<z.output<typeof schema>>;

export const config = (env: Env): Config => readConfig(schema, env);
