import { kafkaSource } from '@lingquan/cli/proof/kafka-source.ts';
import { prove } from '@lingquan/cli/proof/prove.ts';
import { topics } from '@lingquan/events';
import type { Kafka } from '@lingquan/kafka';
import { isolate, until } from '@lingquan/test-kit';
import kafkajs from 'kafkajs';
import { history } from './audit/history.ts';
import { figuresJson, figuresText } from './figures.ts';
import type { Line } from './figures.ts';
import type { Servers } from './servers.ts';

const { Kafka: Client, logLevel } = kafkajs;

const names = [
  topics.wechatInbound,
  topics.couponCommands,
  topics.couponEvents,
  topics.couponJournal,
  topics.paymentEvents,
];

/**
 * How fast `lingquan audit --from-topics` proves a day's topics, beside a bare kafkajs consumer that reads the same records and looks at none. The
 * size is `AUDIT_PUSHES`, 300 000 unless set.
 */
export async function run(servers: Servers) {
  const pushes = Number(process.env['AUDIT_PUSHES'] ?? 300_000);
  const isolated = isolate('bench-audit');
  await using opened = new AsyncDisposableStack();
  opened.defer(() => isolated.remove());
  const { kafka } = isolated;
  await kafka.ensureTopics(names);
  servers.say(`writing the topics of ${pushes} pushes`);
  await fill(kafka, pushes);

  servers.say('reading them bare');
  const raw = await readBare(isolated.env.KAFKA_BROKERS, isolated.prefix);
  servers.say('proving');
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { proof } = await prove(kafkaSource(kafka, 'bench'), () => undefined);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const wrong = proof.checks.filter(({ found }) => found > 0);
  if (wrong.length > 0) throw new Error(`the audit found ${JSON.stringify(wrong)}`);

  const lines: Line[] = [
    { what: `records of ${pushes} pushes`, unit: '/s', ours: proof.records / seconds, raw: raw.records / raw.seconds },
    { what: 'in all', unit: 's', ours: seconds, raw: raw.seconds },
    { what: 'CPU', unit: 'µs/record', ours: (cpu.user + cpu.system) / proof.records, raw: raw.cpuMicros / raw.records },
    { what: 'memory kept', unit: 'bytes/push', ours: proof.memoryBytes / pushes },
  ];
  console.log(figuresText('audit --from-topics', 'kafkajs alone', lines));
  return { lines: figuresJson(lines) };
}

async function fill(kafka: Kafka, pushes: number): Promise<void> {
  const producer = kafka.producer();
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  for (const records of history(pushes, 1000)) await producer.publish(records);
  await producer.stop();
}

/** Every record of the topics through kafkajs's own consumer, one topic after the other. */
async function readBare(brokers: string, prefix: string) {
  const client = new Client({ clientId: 'bare', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  let records = 0;
  for (const { name } of names) {
    const topic = prefix + name;
    const offsets = await admin.fetchTopicOffsets(topic);
    const total = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    if (total === 0) continue;
    records += total;
    const consumer = client.consumer({ groupId: `${topic}.bare`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const all = Promise.withResolvers<void>();
    let seen = 0;
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        seen += batch.messages.length;
        if (seen >= total) all.resolve();
      },
    });
    await all.promise;
    await consumer.disconnect();
    await admin.deleteGroups([`${topic}.bare`]);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  await admin.disconnect();
  return { records, seconds, cpuMicros: cpu.user + cpu.system };
}
