import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { z } from 'zod';

const schema = z
  .object({
    CLAIM_LOG_PORT: settings.port(8084),
    HOST: settings.host,
    KAFKA_BROKERS: settings.kafkaBrokers,
    POSTGRES_URL: settings.postgresUrl,
    TOPIC_PREFIX: settings.topicPrefix,
    LOG_LEVEL: settings.logLevel,
  })
  .transform((env) => ({
    port: env.CLAIM_LOG_PORT,
    host: env.HOST,
    kafkaBrokers: env.KAFKA_BROKERS,
    postgresUrl: env.POSTGRES_URL,
    topicPrefix: env.TOPIC_PREFIX,
  }));

export type Config = Readonly<z.output<typeof schema>>;

export const config = (env: Env): Config => readConfig(schema, env);
