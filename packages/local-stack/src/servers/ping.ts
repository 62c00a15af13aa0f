import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';
import { Client } from 'pg';

/** How long a server may take to answer one question before the question is asked again. */
const patienceMs = 2000;

/**
 * Throws unless the broker answers, has a controller, i.e. takes topics and messages, and coordinates consumer groups. The first
 * question about a group makes the broker create the topic it keeps them in, so that no service has to wait for that.
 */
export async function pingKafka(brokers: string): Promise<void> {
  const kafka = new kafkajs.Kafka({
    clientId: 'local-stack',
    brokers: brokers.split(','),
    connectionTimeout: patienceMs,
    requestTimeout: patienceMs,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { controller, brokers: members } = await admin.describeCluster();
    if (members.length === 0 || controller === null) throw new Error('the broker has no controller yet');
    await admin.fetchOffsets({ groupId: 'local-stack', topics: [] });
  } finally {
    await admin.disconnect();
  }
}

/** Throws unless the server at `url` runs a query. */
export async function pingPostgres(url: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  client.on('error', () => {}); // a broken connection fails the query below; without a listener it would end this process
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end();
  }
}

/** Throws unless the server at `url` answers PING. */
export async function pingRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => {}); // connect() below rejects with the same error
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

/** The ping of each server, by its address. */
export const pings = { kafka: pingKafka, postgres: pingPostgres, redis: pingRedis };
