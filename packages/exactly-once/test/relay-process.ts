import { connectKafka } from '@lingquan/kafka';
import { createLog } from '@lingquan/log';
import { startRelay } from '../src/relay.ts';

// A relay as a process of its own, which a test can stop: node relay-process.ts DATABASE_URL BROKERS TOPIC_PREFIX
const [url = '', brokers = '', topicPrefix = ''] = process.argv.slice(2);
const log = createLog({ service: 'relay-process', level: 'silent' });
const kafka = connectKafka({ brokers: brokers.split(','), clientId: 'test', log, topicPrefix });
startRelay({ url, producer: kafka.producer(), log });
