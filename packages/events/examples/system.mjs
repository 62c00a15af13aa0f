// Where the system is: KAFKA_BROKERS and TOPIC_PREFIX, else the one `npm start` runs on this machine ($LOCAL_DIR, default .local).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns {{ brokers: string[], prefix: string }} */
export function findSystem() {
  const { KAFKA_BROKERS, TOPIC_PREFIX, LOCAL_DIR } = process.env;
  if (KAFKA_BROKERS) return { brokers: KAFKA_BROKERS.split(','), prefix: TOPIC_PREFIX ?? '' };
  const file = join(LOCAL_DIR ?? '.local', 'run/servers.json');
  if (!existsSync(file))
    throw new Error(`没有 KAFKA_BROKERS，也没有 ${file}：先 npm start · set KAFKA_BROKERS, or npm start first`);
  const { kafkaBrokers, topicPrefix = '' } = JSON.parse(readFileSync(file, 'utf8'));
  return { brokers: [kafkaBrokers].flat().join(',').split(','), prefix: topicPrefix };
}

/**
 * Ctrl-C and SIGTERM finish the batch at hand and leave the group.
 * @param {{ stop: () => Promise<void> }} subscription
 */
export function stopOnSignal(subscription) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void subscription.stop());
}
