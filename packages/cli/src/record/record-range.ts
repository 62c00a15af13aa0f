import { AppError } from '@lingquan/errors';
import { connectKafka } from '@lingquan/kafka';
import { createRecording } from '@lingquan/recording';
import { findSystem, quietLog } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import type { Bound } from './bound.ts';
import { planRecording } from './plan.ts';
import { everySecond, progressText } from './report.ts';
import { runRecord } from './run-record.ts';
import { recordedTopics } from './topics.ts';

/** Records everything a replay needs of the running system, from `from` (the beginning) to `to` (now). */
export async function recordRange(
  terminal: Terminal,
  { out, from, to }: { out: string; from?: Bound | undefined; to?: Bound | undefined },
): Promise<void> {
  const { kafkaBrokers: brokers, topicPrefix } = findSystem(terminal.env);
  await using opened = new AsyncDisposableStack();
  const kafka = opened.adopt(connectKafka({ brokers, clientId: 'lingquan', log: quietLog(), topicPrefix }), (one) =>
    one.close(),
  );
  const there = new Set(await kafka.topicNames());
  const plan = await planRecording(kafka, {
    topics: recordedTopics.filter((topic) => there.has(topic)),
    from: from ?? { kind: 'beginning' },
    to: to ?? { kind: 'now' },
  });
  const done = await runRecord(kafka, await createRecording(out, plan), {
    stopped: terminal.interruption(),
    onProgress: everySecond((progress) => terminal.err(`录制 recording ${progressText(progress)}\n`)),
  });
  if (done === undefined) throw new AppError('unavailable', '已中断 interrupted');
}
