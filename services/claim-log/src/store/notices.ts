import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@lingquan/log';
import { Client } from 'pg';

/** The channel on which every instance hears that events were written. */
export const LOGGED = 'event_logged';

export type Notices = { stop: () => Promise<void> };

const AGAIN_MS = 1000;

/** Calls `onNotice` whenever events were committed, by whatever instance, and after every (re)connection: some may have been missed. */
export function listenToLog(url: string, onNotice: () => void, log: Log): Notices {
  const stopped = new AbortController();
  async function listen(): Promise<void> {
    const client = new Client({ connectionString: url, application_name: 'claim-log notices', keepAlive: true });
    const over = Promise.withResolvers<void>();
    client.on('error', over.reject);
    client.on('end', over.resolve);
    over.promise.catch(() => undefined); // seen below, unless connecting failed first
    client.on('notification', onNotice);
    stopped.signal.addEventListener('abort', () => over.resolve(), { once: true });
    try {
      await client.connect();
      await client.query(`listen ${LOGGED}`);
      onNotice();
      await over.promise;
    } finally {
      await client.end().catch(() => undefined); // it may never have been connected
    }
  }
  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await listen().catch((error: unknown) => log.warn({ err: error }, 'no notices from postgres; connecting again'));
      if (!stopped.signal.aborted) await delay(AGAIN_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  const running = run();
  return {
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
