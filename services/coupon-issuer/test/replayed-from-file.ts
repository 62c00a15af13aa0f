import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadLetterTopic, topics } from '@lingquan/events';
import { databaseName } from '@lingquan/postgres';
import { createRecording, openRecording } from '@lingquan/recording';
import type { Recorded } from '@lingquan/recording';
import { Client } from 'pg';
import { replayConfig } from '../src/replay/config.ts';
import { runReplay } from '../src/replay/run-replay.ts';
import { codeSecret } from './system.ts';
import type { issuerSystem } from './system.ts';

const recorded = [topics.wechatInbound.name, topics.couponCommands.name, topics.couponJournal.name];
const said = [
  topics.couponEvents.name,
  topics.ingressReplies.name,
  topics.paymentNotifications.name,
  deadLetterTopic(topics.wechatInbound.name),
  deadLetterTopic(topics.couponCommands.name),
];

type System = Awaited<ReturnType<typeof issuerSystem>>;

/** Writes what a replay needs to a recording. */
export async function recordReplayable({ kafka }: System, file: string): Promise<void> {
  const ranges = recorded.map((topic) => ({ topic, partition: 0, from: 0, to: null }));
  const writer = await createRecording(file, { ranges });
  for (const topic of recorded) await kafka.read(topic, ({ records }) => writer.append(records));
  await writer.finish();
}

/** Records what a replay needs, and decides it again with the program that does so. */
export async function replayedFromFile(system: System) {
  const { env, prefix, log, kafka } = system;
  const dir = await mkdtemp(join(tmpdir(), 'lingquan-replay-'));
  const [file, outcomeFile] = [join(dir, 'recorded'), join(dir, 'outcome')];
  await recordReplayable(system, file);
  const config = replayConfig({
    POSTGRES_URL: env.POSTGRES_URL,
    COUPON_CODE_SECRET: codeSecret,
    REPLAY_FILE: file,
    REPLAY_OUTCOME: outcomeFile,
    REPLAY_DATABASE: databaseName(prefix, 'replay_file'),
  });
  const report = await runReplay(config, { log, onProgress: () => undefined });
  const published: Recorded[] = [];
  await using outcome = await openRecording(outcomeFile);
  for await (const batch of outcome.read()) published.push(...batch);
  const url = new URL(env.POSTGRES_URL);
  url.pathname = `/${config.database}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return {
    report,
    published,
    /** What the issuer itself published so far, of every kind. */
    first: async (): Promise<Recorded[]> => {
      const records: Recorded[] = [];
      for (const topic of said) await kafka.read(topic, (batch) => void records.push(...batch.records));
      return records;
    },
    rows: async (text: string): Promise<object[]> => (await client.query<object>(text)).rows,
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await rm(dir, { recursive: true });
    },
  };
}
