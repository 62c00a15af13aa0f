import { randomBytes } from 'node:crypto';
import { connectKafka } from '@lingquan/kafka';
import type { Kafka } from '@lingquan/kafka';
import { createLog } from '@lingquan/log';
import type { Log } from '@lingquan/log';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { servers } from './servers.ts';

export type Isolated = {
  /** Environment for a service of this system: the servers' addresses and the prefix. */
  env: { KAFKA_BROKERS: string; POSTGRES_URL: string; REDIS_URL: string; TOPIC_PREFIX: string; LOG_LEVEL: string };
  prefix: string;
  log: Log;
  kafka: Kafka;
  /** Removes this system's topics, databases and Redis keys, and closes what was opened here. */
  remove: () => Promise<void>;
};

/** A system of its own on the shared test servers: its prefix sets apart topics, groups, databases and Redis keys. */
export function isolate(name: string): Isolated {
  const { kafkaBrokers, postgresUrl, redisUrl } = servers();
  const prefix = `t-${name}-${randomBytes(4).toString('hex')}.`;
  const level = process.env['TEST_LOG_LEVEL'] ?? 'error';
  const log = createLog({ service: 'test', level });
  const kafka = connectKafka({ brokers: kafkaBrokers, clientId: 'test', log, topicPrefix: prefix });
  return {
    env: {
      KAFKA_BROKERS: kafkaBrokers.join(','),
      POSTGRES_URL: postgresUrl,
      REDIS_URL: redisUrl,
      TOPIC_PREFIX: prefix,
      LOG_LEVEL: level,
    },
    prefix,
    log,
    kafka,
    remove: async () => {
      await kafka.removeTopics();
      await kafka.close();
      await removeDatabases(postgresUrl, prefix.replaceAll(/[^a-z0-9]+/g, '_'));
      await removeKeys(redisUrl, prefix);
    },
  };
}

async function removeDatabases(url: string, prefix: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  for (const { datname } of rows) await client.query(`drop database "${datname}" with (force)`);
  await client.end();
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
  await redis.quit();
}
