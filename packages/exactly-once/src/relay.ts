import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';
import type { Producer } from '@lingquan/kafka';
import type { Log } from '@lingquan/log';
import { Client } from 'pg';
import { published, readOutbox, removeFromOutbox } from './outbox.ts';
import type { OutboxRow } from './outbox.ts';

export type RelayOptions = {
  /** The store's own database. */
  url: string;
  producer: Producer;
  log: Log;
  /** The service, as `ce_source` of the journal; without it no journal is written. */
  journalSource?: string | undefined;
};

export type Relay = {
  /** These rows were committed just now. */
  offer: (rows: OutboxRow[]) => void;
  ready: () => Promise<void>;
  stop: () => Promise<void>;
};

const ROWS_MAX = 16;
const OFFERED_MAX = 64;
const IDLE_MS = 1000;
/** Longer than publishing takes; Postgres ends a session that was silent for so long. */
const SILENCE_MS = 10_000;
/** One relay at a time per store: whoever holds this advisory lock of the store's database. Any constant will do. */
const LOCK = 7_266_621;

/**
 * Publishes outbox rows in journal order and removes them, so that a coupon's facts reach their partition in the order in
 * which they became true, also when several instances decide. A crash in between publishes again with the same ce_id.
 *
 * Rows offered by this process are published from memory while their numbers follow one another without a gap: then no
 * other instance can have one in between. In every other case the table is read.
 */
export function startRelay({ url, producer, log, journalSource }: RelayOptions): Relay {
  const bell = createBell();
  let offered: OutboxRow[] = [];
  /** Everything up to this number was seen by this relay; undefined until the table was read. */
  let seen: number | undefined;
  let leading = false;
  /** Rows were committed here while another instance leads. */
  let leaderIsBehind = false;
  let stopping = false;
  let connection: Client | undefined;

  const offer = (rows: OutboxRow[]) => {
    if (leading) offered.push(...rows);
    else leaderIsBehind = true;
    bell.ring();
  };

  const takeOffered = (): OutboxRow[] => {
    const rows = offered;
    offered = [];
    const follow =
      seen !== undefined &&
      rows.length <= OFFERED_MAX &&
      rows.every(({ number }, place) => number === seen! + 1 + place);
    return follow ? rows : [];
  };

  async function publishWaiting(client: Client): Promise<void> {
    let removing = Promise.resolve();
    for (;;) {
      let rows = takeOffered();
      if (rows.length === 0) {
        await removing;
        rows = await readOutbox(client, ROWS_MAX);
      }
      if (rows.length === 0) return;
      await producer.publish(rows.flatMap((row) => published(row, journalSource)));
      seen = Math.max(seen ?? 0, rows.at(-1)!.number);
      await removing;
      removing = removeFromOutbox(client, rows);
      removing.catch(() => undefined); // awaited before the table is read again
      if (offered.length === 0 && rows.length < ROWS_MAX) return removing;
    }
  }

  async function serve(client: Client): Promise<void> {
    await client.connect();
    // Removing a published row need not be durable: a row that comes back is published again under the same ids.
    await client.query('set synchronous_commit = off; set statement_timeout = 15000; listen outbox');
    // A leader asks at least every second. One that is silent is paused, or its machine is gone: the lock goes to the next.
    // What it holds in memory was published by then, so what it says when it wakes are repeats, behind the first of each.
    await client.query(`set idle_session_timeout = ${SILENCE_MS}`);
    client.on('notification', bell.ring);
    connection = client;
    while (!stopping && connection === client) {
      leading ||= (await client.query<{ leads: boolean }>('select pg_try_advisory_lock($1) as leads', [LOCK])).rows[0]!
        .leads;
      if (leading) await publishWaiting(client);
      // Another instance leads: tell it. Losing this costs a second, no more.
      else if (leaderIsBehind) await client.query('notify outbox');
      leaderIsBehind = false;
      if (!stopping) await bell.rung(IDLE_MS);
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping;) {
      const client = new Client({
        connectionString: url,
        application_name: 'outbox relay',
        connectionTimeoutMillis: 5000,
      });
      // Not once: a connection that Postgres ends reports its message, then its closing.
      const broke = new Promise<never>((_, reject) => client.on('error', reject));
      broke.catch(() => undefined); // seen below, or the client was closed already
      const serving = serve(client);
      try {
        await Promise.race([serving, broke]);
      } catch (error) {
        if (seen !== undefined) failures = 0; // it had published in between
        if (failures++ === 0) log.warn({ err: error }, 'the outbox relay stumbled; trying on');
      } finally {
        connection = undefined;
        await client.end().catch(() => undefined); // it may never have been connected
        bell.ring();
        await serving.catch(() => undefined); // told above; it must not go on beside the next one
        leading = false;
        seen = undefined;
        offered = [];
      }
      if (!stopping) await delay(Math.min(50 * 2 ** failures, 2000));
    }
  }

  const running = run();
  return {
    offer,
    ready: async () => {
      if (connection === undefined) throw new AppError('unavailable', 'the outbox relay has no connection to postgres');
    },
    stop: async () => {
      stopping = true;
      bell.ring();
      await running;
    },
  };
}

/** Wakes one waiter; rung while nobody waits, it wakes the next one at once. */
function createBell() {
  let rang = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rang = true;
      wake?.();
    },
    rung: async (timeoutMs: number) => {
      if (!rang) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      rang = false;
    },
  };
}
