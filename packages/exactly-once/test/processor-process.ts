import { connectKafka } from '@lingquan/kafka';
import { createLog } from '@lingquan/log';
import { openStore } from '@lingquan/postgres';
import { Registry } from 'prom-client';
import { exactlyOnceMigrations, startProcessor } from '../src/index.ts';
import type { Decide } from '../src/index.ts';
import { IN, take } from './system.ts';

// A processor as a process of its own, which a test can kill and pause: node processor-process.ts DATABASE_URL BROKERS TOPIC_PREFIX
const [url = '', brokers = '', topicPrefix = ''] = process.argv.slice(2);
const log = createLog({ service: 'processor-process', level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
const database = new URL(url).pathname.slice(1);
const store = await openStore({ url, database, migrations: [exactlyOnceMigrations], log });

/** Whoever decides has the one turn there is, as rounds that claim of the same campaign do. */
const inTurn: Decide = async (client, batches, last) => {
  await client.query('select 1 from turn for update');
  return take(client, batches, last);
};

await startProcessor({
  group: 'store',
  topics: [IN],
  kafka: connectKafka({ brokers: brokers.split(','), clientId: 'test', log, topicPrefix }),
  store,
  log,
  metrics: new Registry(),
  decide: inTurn,
  journalSource: 'test',
  onFatal: (error) => {
    log.fatal({ err: error }, 'cannot go on');
    process.exit(1);
  },
});
