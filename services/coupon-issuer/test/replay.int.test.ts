import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { decode, topics } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import { exactlyOnceMigrations } from '@lingquan/exactly-once';
import type { IncomingRecord, OutgoingRecord } from '@lingquan/kafka';
import { databaseName, inTransaction, openStore } from '@lingquan/postgres';
import { readTopic } from '@lingquan/test-kit';
import { roundDecider } from '../src/consumers/decide-round.ts';
import { codeSecret, command, createCampaign, issuerSystem, push } from './system.ts';

jest.setTimeout(120_000);

const CLAIMS = 'select event_id, campaign_id, appid, openid, decided_at, refusal, code from claim order by event_id';
const COUPONS = 'select * from coupon order by code';

/** What identifies a published record: everything but the headers' order. */
const told = ({ topic, key, value, headers }: OutgoingRecord | IncomingRecord) =>
  JSON.stringify([
    topic,
    String(key),
    value?.toString('base64'),
    Object.entries(headers)
      .map(([name, header]) => [name, String(header)])
      .toSorted(),
  ]);

test('the recorded topics, decided again in journal order on an empty store, give the same claims, codes and refusals', async () => {
  await using system = await issuerSystem('replay');
  await system.publish([createCampaign('fought-over', { stock: 50 })]);
  await system.settled();

  // 400 followers on all partitions race for 50 coupons, some of them twice, while the campaign is paused and resumed.
  const followers = Array.from({ length: 400 }, (_, i) => `follower-${i}`);
  const storm = followers.map(async (openid, i) => {
    await system.publish([push(openid)]);
    if (i % 5 === 0) await system.publish([push(openid, { text: i % 10 === 0 ? '优惠券' : '你好' })]);
  });
  const toggles = (async () => {
    for (let i = 0; i < 6; i++) {
      await system.publish([
        command(
          'fought-over',
          i % 2 === 0
            ? { case: 'pauseCampaign', value: { campaignId: 'fought-over' } }
            : { case: 'resumeCampaign', value: { campaignId: 'fought-over' } },
        ),
      ]);
    }
  })();
  await Promise.all([...storm, toggles]);
  await system.settled();
  // A second wave, so that all 50 are gone whatever the pauses refused.
  await Promise.all(followers.map((openid) => system.publish([push(openid)])));
  await system.settled();

  const inbound = await readTopic(system.kafka, topics.wechatInbound.name);
  const commands = await readTopic(system.kafka, topics.couponCommands.name);
  const events = await readTopic(system.kafka, topics.couponEvents.name);
  const journal = (await readTopic(system.kafka, topics.couponJournal.name)).map(({ value }) =>
    decode(JournalEntrySchema, value),
  );
  const inOrder = journal.toSorted((a, b) => Number(a.sequence - b.sequence));
  expect(new Set(inbound.map(({ partition }) => partition)).size).toBe(topics.wechatInbound.partitions);

  await using replayed = await openReplayStore(system);
  const decide = roundDecider({ codeSecret: Buffer.from(codeSecret, 'hex') });
  const published: OutgoingRecord[] = [];
  let records = 0;
  for (const { topic, partition, firstOffset, lastOffset } of inOrder) {
    const batch = [...inbound, ...commands].filter(
      (record) =>
        record.topic === topic &&
        record.partition === partition &&
        record.offset >= firstOffset &&
        record.offset <= lastOffset,
    );
    records += batch.length;
    published.push(
      ...(
        await inTransaction(replayed.pool, (client, last) =>
          decide(client, [{ topic, partition, records: batch }], last),
        )
      ).flat(),
    );
  }

  expect(records).toBe(inbound.length + commands.length); // the journal covers every record once
  const first = await system.rows(CLAIMS);
  expect(await system.rows(COUPONS)).toHaveLength(50);
  expect((await replayed.pool.query(CLAIMS)).rows).toEqual(first);
  expect((await replayed.pool.query(COUPONS)).rows).toEqual(await system.rows(COUPONS));
  expect(published.map(told).toSorted()).toEqual(events.map(told).toSorted());
});

async function openReplayStore({ env, prefix, log }: Awaited<ReturnType<typeof issuerSystem>>) {
  const migrations = { dir: fileURLToPath(new URL('../migrations', import.meta.url)), table: 'migration' };
  const store = await openStore({
    url: env.POSTGRES_URL,
    database: databaseName(prefix, 'replay'),
    migrations: [exactlyOnceMigrations, migrations],
    log,
  });
  return { pool: store.pool, [Symbol.asyncDispose]: store.close };
}
