// Takes the golden files that are missing from the topics of a running system: node packages/events/test/record-golden.ts
// (KAFKA_BROKERS, TOPIC_PREFIX). Of each kind the fullest record counts. `--again coupon.claimed` takes a further version of a kind
// whose schema grew. Only from a system with a simulated platform: the files hold what the records hold.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectKafka } from '@lingquan/kafka';
import type { IncomingRecord } from '@lingquan/kafka';
import { createLog } from '@lingquan/log';
import type { TopicName } from '../src/catalogue.ts';
import { decodedOf, goldenDir, kindOf, kindsOn, topicNames, writeGolden } from './golden-files.ts';

const { values: options } = parseArgs({ options: { again: { type: 'string', multiple: true, default: [] } } });
const today = new Date().toISOString().slice(0, 10);

const isThere = (topic: TopicName, name: string): boolean => existsSync(join(goldenDir, topic, `${name}.json`));

/** The name of the file to write for a kind, or undefined when there is nothing to write. */
function nameFor(topic: TopicName, kind: string): string | undefined {
  if (!isThere(topic, kind)) return kind;
  if (!options.again.includes(kind)) return undefined;
  for (let version = 2; ; version++) if (!isThere(topic, `${kind}@${version}`)) return `${kind}@${version}`;
}

/** The fullest record of each kind a topic holds. */
async function fullest(topic: TopicName): Promise<Map<string, IncomingRecord>> {
  const found = new Map<string, IncomingRecord>();
  await kafka.read(topic, ({ records }) => {
    for (const record of records) {
      const kind = kindOf(topic, decodedOf(topic, record.value!).message);
      if (kind === undefined) continue;
      const before = found.get(kind)?.value?.length ?? -1;
      if (record.value!.length > before) found.set(kind, record);
    }
  });
  return found;
}

const kafka = connectKafka({
  brokers: (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(','),
  clientId: 'record-golden',
  log: createLog({ service: 'record-golden', level: 'silent' }),
  topicPrefix: process.env['TOPIC_PREFIX'] ?? '',
});
const missing: string[] = [];
for (const topic of topicNames) {
  const found = await fullest(topic);
  for (const kind of kindsOn(topic)) {
    const record = found.get(kind);
    const name = nameFor(topic, kind);
    if (name === undefined) continue;
    if (record === undefined) {
      missing.push(`${topic} ${kind}`);
      continue;
    }
    const headers = Object.fromEntries(
      Object.entries(record.headers).map(([header, value]) => [header, String(value)]),
    );
    const value = record.value!;
    const { json } = decodedOf(topic, value);
    writeGolden(name, {
      recorded: today,
      topic,
      key: String(record.key ?? ''),
      headers,
      value: value.toString('base64'),
      decoded: json,
    });
    console.log(`✓ ${topic} ${name}`);
  }
}
await kafka.close();
for (const one of missing) console.log(`· 没有记录 no record: ${one}`);
