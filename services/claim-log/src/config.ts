import { createSecretKey } from 'node:crypto';
import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { z } from 'zod';
import { readReaders } from './access/readers.ts';
import type { Readers } from './access/readers.ts';

const key = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'must be 32 bytes in hex (openssl rand -hex 32)')
  .transform((hex) => createSecretKey(hex, 'hex')); // not shown when printed

const whole = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

const schema = z
  .object({
    CLAIM_LOG_PORT: settings.port(8084),
    HOST: settings.host,
    KAFKA_BROKERS: settings.kafkaBrokers,
    POSTGRES_URL: settings.postgresUrl,
    TOPIC_PREFIX: settings.topicPrefix,
    LOG_LEVEL: settings.logLevel,
    CLAIM_LOG_READERS_FILE: z.string().optional(),
    CLAIM_LOG_MASK_KEY: key.optional(),
    EVENT_STREAMS_MAX: whole(200, 0, 100_000),
    EVENT_STREAM_HEARTBEAT_MS: whole(15_000, 50, 30_000),
    WEBHOOK_KEY: key.optional(),
    WEBHOOK_KEY_PREVIOUS: key.optional(),
    WEBHOOK_ALLOW_PRIVATE: z.enum(['on', 'off']).optional(),
    WEBHOOKS_MAX: whole(50, 0, 1000),
    WEBHOOK_TIMEOUT_MS: whole(15_000, 50, 60_000),
    WEBHOOK_RETRY_FIRST_MS: whole(5000, 1, 3_600_000),
    WEBHOOK_RETRY_HOURS: z.coerce.number().min(0).max(720).default(24),
  })
  .transform((env) => ({
    port: env.CLAIM_LOG_PORT,
    host: env.HOST,
    kafkaBrokers: env.KAFKA_BROKERS,
    postgresUrl: env.POSTGRES_URL,
    topicPrefix: env.TOPIC_PREFIX,
    readersFile: env.CLAIM_LOG_READERS_FILE,
    maskKey: env.CLAIM_LOG_MASK_KEY,
    streams: { streamsMax: env.EVENT_STREAMS_MAX, heartbeatMs: env.EVENT_STREAM_HEARTBEAT_MS },
    webhooks: {
      /** The newest first: it seals, all of them open. Empty: there are no webhooks. */
      keys: [env.WEBHOOK_KEY, env.WEBHOOK_KEY_PREVIOUS].filter((one) => one !== undefined),
      allowPrivate: (env.WEBHOOK_ALLOW_PRIVATE ?? (isTrial(env) ? 'on' : 'off')) === 'on',
      countMax: env.WEBHOOKS_MAX,
      timeoutMs: env.WEBHOOK_TIMEOUT_MS,
      retry: { firstMs: env.WEBHOOK_RETRY_FIRST_MS, forMs: env.WEBHOOK_RETRY_HOURS * 3_600_000 },
    },
  }));

/** Reached from this machine alone, and nobody needs a token: only being tried out. */
const isTrial = ({
  HOST,
  CLAIM_LOG_READERS_FILE,
}: {
  HOST: string;
  CLAIM_LOG_READERS_FILE?: string | undefined;
}): boolean => CLAIM_LOG_READERS_FILE === undefined && /^(localhost|127\.[\d.]+|::1)$/.test(HOST);

/** Holds keys: never log it whole. */
export type Config = Readonly<z.output<typeof schema> & { readers: Readers | undefined }>;

/** Throws `invalid`, naming every variable that is missing or wrong, never what it holds. */
export function config(env: Env): Config {
  const read = readConfig(schema, env);
  const readers = read.readersFile === undefined ? undefined : readReaders(read.readersFile);
  return Object.freeze({ ...read, readers });
}
