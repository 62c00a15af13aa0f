import { setTimeout as delay } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { AppError } from '@lingquan/errors';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/gen/lingquan/coupon/v1/journal_pb.ts';
import type { OutgoingRecord, Producer } from '@lingquan/kafka';
import type { Log } from '@lingquan/log';
import { Client } from 'pg';
import { unpackRecords } from './outbox-content.ts';

export type RelayOptions = {
  /** The store's own database. */
  url: string;
  producer: Producer;
  log: Log;
  /** The service, as `ce_source` of the journal; without it no journal is written. */
  journalSource?: string | undefined;
};

export type Relay = {
  /** There is something to publish. */
  wake: () => void;
  ready: () => Promise<void>;
  stop: () => Promise<void>;
};

type OutboxRow = {
  number: string;
  topic: string;
  partition: number;
  first_offset: string;
  last_offset: string;
  decided_at: Date;
  content: Buffer;
};

const ROWS_MAX = 16;
const IDLE_MS = 1000;
/** One relay at a time per store: whoever holds this advisory lock of the store's database. Any constant will do. */
const LOCK = 7_266_621;

/**
 * Publishes outbox rows in journal order and removes them, so that a coupon's facts reach their partition in the order in
 * which they became true, also when several instances decide. A crash in between publishes again with the same ce_id.
 */
export function startRelay({ url, producer, log, journalSource }: RelayOptions): Relay {
  let wakeUp: (() => void) | undefined;
  let woken = false;
  let connected = false;
  let leading = false;
  let stopping = false;
  let standby: Client | undefined;

  const wake = () => {
    woken = true;
    wakeUp?.();
    // Another instance leads: tell it. Losing this costs a second, no more.
    if (!leading && connected)
      void standby?.query(`notify outbox`).catch((error: unknown) => log.debug({ err: error }, 'notify failed'));
  };

  const rest = async (ms: number) => {
    if (!woken && !stopping) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    wakeUp = undefined;
    woken = false;
  };

  async function publishWaiting(client: Client): Promise<void> {
    for (;;) {
      const { rows } = await client.query<OutboxRow>({
        name: 'outbox-read',
        text: `select number, topic, partition, first_offset, last_offset, decided_at, content from outbox order by number limit ${ROWS_MAX}`,
      });
      if (rows.length === 0) return;
      await producer.publish(rows.flatMap((row) => recordsOf(row, journalSource)));
      await client.query({
        name: 'outbox-remove',
        text: 'delete from outbox where number = any($1::bigint[])',
        values: [rows.map(({ number }) => number)],
      });
      if (rows.length < ROWS_MAX && !woken) return;
      woken = false;
    }
  }

  async function serve(client: Client): Promise<void> {
    await client.connect();
    // Removing a published row need not be durable: a row that comes back is published again under the same ids.
    await client.query('set synchronous_commit = off; set statement_timeout = 15000; listen outbox');
    client.on('notification', wake);
    connected = true;
    while (!stopping) {
      leading ||= (await client.query<{ leads: boolean }>('select pg_try_advisory_lock($1) as leads', [LOCK])).rows[0]!
        .leads;
      if (leading) await publishWaiting(client);
      await rest(IDLE_MS);
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping;) {
      const client = new Client({
        connectionString: url,
        application_name: 'outbox relay',
        connectionTimeoutMillis: 5000,
      });
      const broke = new Promise<never>((_, reject) => client.once('error', reject));
      broke.catch(() => undefined); // seen below, or the client was closed already
      standby = client;
      try {
        await Promise.race([serve(client), broke]);
      } catch (error) {
        if (failures++ === 0) log.warn({ err: error }, 'the outbox relay stumbled; trying on');
        await delay(Math.min(50 * 2 ** failures, 2000));
      } finally {
        connected = false;
        leading = false;
        await client.end().catch(() => undefined); // it may never have been connected
      }
    }
  }

  const running = run();
  return {
    wake,
    ready: async () => {
      if (!connected) throw new AppError('unavailable', 'the outbox relay has no connection to postgres');
    },
    stop: async () => {
      stopping = true;
      wakeUp?.();
      await running;
    },
  };
}

function recordsOf(row: OutboxRow, journalSource: string | undefined): OutgoingRecord[] {
  const records = unpackRecords(row.content);
  return journalSource === undefined ? records : [...records, journalRecord(row, journalSource)];
}

function journalRecord(row: OutboxRow, source: string): OutgoingRecord {
  const entry = create(JournalEntrySchema, {
    sequence: BigInt(row.number),
    topic: row.topic,
    partition: row.partition,
    firstOffset: BigInt(row.first_offset),
    lastOffset: BigInt(row.last_offset),
  });
  const id = uuidOf('journal', source, row.number);
  return {
    topic: topics.couponJournal.name,
    partition: 0,
    key: source,
    value: Buffer.from(toBinary(JournalEntrySchema, entry)),
    headers: toHeaders({ id, source, type: 'coupon.journal', timeMs: row.decided_at.getTime() }),
  };
}
