import { decode, topics } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import { exactlyOnceMigrations } from '@lingquan/exactly-once';
import type { IncomingRecord, OutgoingRecord } from '@lingquan/kafka';
import { databaseName, inTransaction, openStore } from '@lingquan/postgres';
import { readTopic } from '@lingquan/test-kit';
import { roundDecider } from '../src/consumers/decide-round.ts';
import { migrations } from '../src/main.ts';
import { codeSecret } from './system.ts';
import type { issuerSystem } from './system.ts';

/** What identifies a published record: everything but the headers' order. */
export const told = ({ topic, key, value, headers }: OutgoingRecord | IncomingRecord) =>
  JSON.stringify([
    topic,
    String(key),
    value?.toString('base64'),
    Object.entries(headers)
      .map(([name, header]) => [name, String(header)])
      .toSorted(),
  ]);

/**
 * The recorded topics decided again in journal order on an empty store: its rows, what it has to say, and how many records the
 * journal covers of how many there are.
 */
export async function replayed({ env, prefix, log, kafka }: Awaited<ReturnType<typeof issuerSystem>>) {
  const inbound = await readTopic(kafka, topics.wechatInbound.name);
  const commands = await readTopic(kafka, topics.couponCommands.name);
  const journal = (await readTopic(kafka, topics.couponJournal.name)).map(({ value }) =>
    decode(JournalEntrySchema, value),
  );
  const { pool, close } = await openStore({
    url: env.POSTGRES_URL,
    database: databaseName(prefix, 'replay'),
    migrations: [exactlyOnceMigrations, migrations],
    log,
  });
  const decide = roundDecider({ codeSecret: Buffer.from(codeSecret, 'hex') });
  const published: OutgoingRecord[] = [];
  let covered = 0;
  for (const entry of journal.toSorted((a, b) => Number(a.sequence - b.sequence))) {
    const { topic, partition, firstOffset, lastOffset } = entry;
    const records = [...inbound, ...commands].filter(
      (record) =>
        record.topic === topic &&
        record.partition === partition &&
        record.offset >= firstOffset &&
        record.offset <= lastOffset,
    );
    covered += records.length;
    const said = await inTransaction(pool, (client, last) => decide(client, [{ topic, partition, records }], last));
    published.push(...said.flat());
  }
  return {
    inbound,
    commands,
    covered,
    published,
    rows: async (text: string): Promise<object[]> => (await pool.query<object>(text)).rows,
    [Symbol.asyncDispose]: close,
  };
}
