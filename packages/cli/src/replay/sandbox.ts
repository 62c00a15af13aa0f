import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Env } from '@lingquan/config';
import { AppError, messageOf } from '@lingquan/errors';
import { topics } from '@lingquan/events';
import type { Kafka } from '@lingquan/kafka';
import { checkout } from '@lingquan/local-stack/layout.ts';
import { choosePort } from '@lingquan/local-stack/servers/ports.ts';
import { databaseName } from '@lingquan/postgres';
import { Client } from 'pg';
import type { System } from '../system.ts';
import { databasesOf, dropDatabases } from './store.ts';

/** An isolated system of a replay: the issuer and the log alone. Nobody in it writes to people or to WeChat Pay. */
export type Sandbox = {
  claimLogUrl: string;
  /** Resolves when both have taken everything there is, and said what they have to say. Rejects when one of them ended. */
  atRest: () => Promise<void>;
  stop: () => Promise<void>;
};

type Options = {
  system: System;
  prefix: string;
  env: Env;
  codeSecret: string;
  kafka: Kafka;
  stopped: AbortSignal;
};

/** Starts issuer and log of a system set apart by `prefix`, as processes of their own, with their timers off: firings are on record. */
export async function startSandbox({ system, prefix, env, codeSecret, kafka, stopped }: Options): Promise<Sandbox> {
  const taken = new Set<number>();
  const seed = Buffer.from(prefix).toString('hex').slice(-8);
  const ports = { issuer: await choosePort({ seed, taken }), log: await choosePort({ seed, taken }) };
  const environment = {
    ...env,
    HOST: '127.0.0.1',
    KAFKA_BROKERS: system.kafkaBrokers.join(','),
    POSTGRES_URL: system.postgresUrl,
    TOPIC_PREFIX: prefix,
    TIMERS: 'off',
    LOG_LEVEL: 'error',
    COUPON_CODE_SECRET: codeSecret,
    COUPON_ISSUER_PORT: String(ports.issuer),
    CLAIM_LOG_PORT: String(ports.log),
  };
  const started = await Promise.all([
    startService('coupon-issuer', ports.issuer, environment, stopped),
    startService('claim-log', ports.log, environment, stopped),
  ]);
  return {
    claimLogUrl: `http://127.0.0.1:${ports.log}`,
    atRest: async () => {
      const databases = ['coupon_issuer', 'claim_log'].map((name) => databaseName(prefix, name));
      for (let quiet = 0; quiet < 2;) {
        stopped.throwIfAborted();
        for (const { name, ended } of started)
          if (ended()) throw new AppError('unavailable', `${name} 已退出 has ended, see above`);
        const rests = await Promise.all(databases.map((database) => isAtRest(system.postgresUrl, database, kafka)));
        quiet = rests.every(Boolean) ? quiet + 1 : 0;
        await delay(100);
      }
    },
    stop: async () => {
      await Promise.all(started.map((one) => one.stop()));
    },
  };
}

/** Removes what a sandbox left: topics, groups' offsets with them, and databases. */
export async function removeSandbox(postgresUrl: string, prefix: string, kafka: Kafka): Promise<void> {
  await kafka.removeTopics();
  await dropDatabases(postgresUrl, await databasesOf(postgresUrl, prefix));
}

async function startService(name: string, port: number, env: Env, stopped: AbortSignal) {
  const child = spawn(process.execPath, [join(checkout, `services/${name}/src/bin.ts`)], {
    cwd: checkout,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true, // a Ctrl-C in the terminal is for us to pass on
  });
  const exited = once(child, 'exit');
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (ended()) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 16_000);
    await exited;
    clearTimeout(timer);
  };
  try {
    for (;;) {
      stopped.throwIfAborted();
      if (ended()) throw new AppError('unavailable', `${name} 没有起来 did not start, see above`);
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return { name, ended, stop };
      await delay(100);
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

type Position = { topic: string; partition: number; next_offset: string };

async function isAtRest(postgresUrl: string, database: string, kafka: Kafka): Promise<boolean> {
  const url = new URL(postgresUrl);
  url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.href, connectionTimeoutMillis: 5000 });
  await client.connect().catch((cause: unknown) => {
    throw new AppError('unavailable', `postgres 没有回答 does not answer: ${messageOf(cause)}`, { cause });
  });
  try {
    const { rows } = await client.query<Position>('select topic, partition, next_offset from position');
    const { rows: waiting } = await client.query('select 1 from outbox limit 1');
    if (waiting.length > 0) return false;
    for (const topic of new Set(rows.map((row) => row.topic)))
      for (const { partition, high } of await kafka.offsets(topic)) {
        const row = rows.find((one) => one.topic === topic && one.partition === partition);
        if (Number(row?.next_offset ?? 0) < high) return false;
      }
    return true;
  } finally {
    await client.end();
  }
}

/** What people and WeChat Pay would have been told, had they not been cut off; counted from the sandbox's topics. */
export type Cut = { replies: number; messages: number; paymentAnswers: number };

export async function countCut(kafka: Kafka, isForPeople: (value: Buffer | null) => boolean): Promise<Cut> {
  const sizeOf = async (topic: string) =>
    (await kafka.offsets(topic)).reduce((sum, { low, high }) => sum + high - low, 0);
  let messages = 0;
  await kafka.read(topics.couponEvents.name, ({ records }) => {
    for (const { value } of records) if (isForPeople(value)) messages++;
  });
  return {
    replies: await sizeOf(topics.ingressReplies.name),
    messages,
    paymentAnswers: await sizeOf(topics.paymentNotifications.name),
  };
}
