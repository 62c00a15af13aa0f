import { AppError } from '@lingquan/errors';
import { decode, topics } from '@lingquan/events';
import { CouponEventSchema, Tell } from '@lingquan/events/coupon.ts';
import { connectKafka } from '@lingquan/kafka';
import type { Kafka } from '@lingquan/kafka';
import type { Recording } from '@lingquan/recording';
import { kafkaSource, recordingSource } from '../compare/source.ts';
import { runCompare } from '../compare/run-compare.ts';
import type { Comparison } from '../compare/run-compare.ts';
import { kafkaSource as provenSource } from '../proof/kafka-source.ts';
import { runProof } from '../proof/run-proof.ts';
import { everySecond, progressText } from '../record/report.ts';
import { quietLog } from '../system.ts';
import type { System } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { isolatedPrefix } from './isolated.ts';
import { inTimeOrder } from './merge.ts';
import { countCut, removeSandbox, startSandbox } from './sandbox.ts';
import type { Cut } from './sandbox.ts';
import { inputTopics, selecting } from './select.ts';
import type { Filters } from './select.ts';
import { durationAt, sendAgain } from './send.ts';
import type { Pace } from './send.ts';

export type FreeOptions = {
  system: System;
  name: string;
  keep: boolean;
  codeSecret: string;
  pace: Pace;
  filters: Filters;
};

export type FreeReport = {
  sent: number;
  sendSeconds: number;
  /** Until the last fact was in the log. */
  seconds: number;
  cut: Cut;
  proof: Awaited<ReturnType<typeof runProof>>;
  comparison: Comparison;
};

/** What would be sent. */
export type DryRun = {
  records: number;
  byTopic: Record<string, number>;
  spanSeconds: number;
  takesSeconds: number | undefined;
};

export async function dryRun(recording: Recording, filters: Filters, pace: Pace): Promise<DryRun> {
  const byTopic: Record<string, number> = {};
  let [records, firstMs, lastMs] = [0, Infinity, -Infinity];
  const passes = await selecting(recording, filters);
  for await (const batch of recording.read({ topics: inputTopics }))
    for (const record of batch) {
      if (!passes(record)) continue;
      records++;
      byTopic[record.topic] = (byTopic[record.topic] ?? 0) + 1;
      firstMs = Math.min(firstMs, record.timestampMs);
      lastMs = Math.max(lastMs, record.timestampMs);
    }
  const spanMs = records === 0 ? 0 : lastMs - firstMs;
  const takesMs = durationAt(pace, records, spanMs);
  return {
    records,
    byTopic,
    spanSeconds: spanMs / 1000,
    takesSeconds: takesMs === undefined ? undefined : takesMs / 1000,
  };
}

/**
 * Sends a recording's pushes and commands into an isolated system and lets its partitions race again. Waits until everything is decided and
 * logged, proves the promises from its topics and log, and holds the totals against the recording's. The system is removed afterwards unless it is
 * to be kept; Ctrl-C removes it at once.
 */
export async function runFree(
  terminal: Terminal,
  recording: Recording,
  { system, name, keep, codeSecret, pace, filters }: FreeOptions,
): Promise<FreeReport> {
  const prefix = isolatedPrefix(name);
  const stopped = terminal.interruption();
  await using opened = new AsyncDisposableStack();
  const { kafkaBrokers: brokers, postgresUrl } = system;
  const connect = () => connectKafka({ brokers, clientId: 'lingquan', log: quietLog(), topicPrefix: prefix });
  const kafka = opened.adopt(connect(), (one) => one.close());
  if ((await kafka.topicNames()).length > 0)
    throw new AppError('conflict', `隔离系统 ${name} 已存在 is there already: lingquan replay --remove ${name}`);
  const plan = await dryRun(recording, filters, pace);
  if (plan.records === 0) throw new AppError('invalid', '没有要发的记录 nothing of it is to be sent');
  let finished = false;
  opened.defer(async () => {
    if (!keep || !finished) await removeSandbox(postgresUrl, prefix, kafka);
  });
  await kafka.ensureTopics(asRecorded(recording));
  terminal.err(`启动隔离系统 starting the isolated system ${name}：coupon-issuer、claim-log\n`);
  const sandbox = opened.adopt(
    await startSandbox({ system, prefix, env: terminal.env, codeSecret, kafka, stopped }),
    (one) => one.stop(),
  );
  const producer = opened.adopt(kafka.producer(), (one) => one.stop());
  await connected(() => producer.ready());

  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const told = everySecond((done: number) =>
    terminal.err(`发送 sending ${progressText({ done, of: plan.records, seconds: seconds() })}\n`),
  );
  const records = inTimeOrder(recording, inputTopics, await selecting(recording, filters));
  const sent = await sendAgain(records, producer.publish, { pace, stopped, onSent: told });
  stopped.throwIfAborted();
  const sendSeconds = seconds();
  await sandbox.atRest();
  const total = seconds();
  const proof = await runProof({
    source: provenSource(connect(), name), // which closes it
    log: { url: sandbox.claimLogUrl, token: undefined, topicPrefix: prefix },
    onRead: () => undefined,
  });
  const report = {
    sent,
    sendSeconds,
    seconds: total,
    cut: await countCut(kafka, isForPeople),
    proof,
    comparison: await compareTotals(recording, kafka, name),
  };
  finished = true;
  return report;
}

const isForPeople = (value: Buffer | null): boolean => decode(CouponEventSchema, value).tell === Tell.CUSTOMER_SERVICE;

const compareTotals = (recording: Recording, kafka: Kafka, name: string): Promise<Comparison> =>
  runCompare(recordingSource(recording), kafkaSource(kafka, name), {
    onDifference: () => undefined,
    onRead: () => undefined,
  });

/** The topics to send to, with as many partitions as were recorded: the same follower stays beside the same others. */
function asRecorded(recording: Recording) {
  return [topics.wechatInbound, topics.couponCommands].map((topic) => {
    const partitions = [...recording.meta.ranges, ...recording.partitions].flatMap((one) =>
      one.topic === topic.name ? [one.partition + 1] : [],
    );
    return { ...topic, partitions: Math.max(1, ...partitions) };
  });
}

async function connected(ready: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + 5000; ;) {
    try {
      return await ready();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise(setImmediate);
    }
  }
}
