import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError } from '@lingquan/errors';
import { connectKafka } from '@lingquan/kafka';
import type { Kafka } from '@lingquan/kafka';
import { createRecording, resumeRecording } from '@lingquan/recording';
import type { Writer } from '@lingquan/recording';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { durationMs } from '../numbers.ts';
import { bound } from '../record/bound.ts';
import type { Bound } from '../record/bound.ts';
import { planRecording } from '../record/plan.ts';
import { bytesText, everySecond, partitionsText, progressText } from '../record/report.ts';
import { runRecord } from '../record/run-record.ts';
import { recordedTopics } from '../record/topics.ts';
import { findSystem, quietLog } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = { out: string; topics?: string[]; from?: Bound; to?: Bound; for?: number; json: boolean };

/** `record`: topics into one file, for replay, compare, what-if and audits. */
export const record = (terminal: Terminal): Command =>
  leaf({
    usage: 'record',
    description: '录制：把主题写成一个文件 · record: topics into one file, to be replayed, compared and audited',
    examples: [
      'lingquan record --out all.lqrec                                # 至今的一切 everything up to now',
      'lingquan record --out minute.lqrec --for 60s                   # 接下来一分钟 the next minute',
      'lingquan record --out friday.lqrec --from 2027-01-22T00:00:00+08:00 --to 2027-01-23T00:00:00+08:00',
      "lingquan record --out part.lqrec --topics wechat.inbound --from 'wechat.inbound[0]@120'",
    ],
  })
    .requiredOption('--out <file>', '文件；中断的录制接着录 · the file; one that was cut off is gone on with')
    .option('--topics <names>', `逗号分隔，默认 · separated by commas, by default ${recordedTopics.join(',')}`, names)
    .option(
      '--from <where>',
      'beginning（默认 default）、now、时刻 an instant、15m（之前 ago）或 or topic[partition]@offset,…',
      bound,
    )
    .option('--to <where>', '同上，默认 · likewise, by default now；时刻可在将来 an instant may lie ahead', bound)
    .option('--for <time>', '从现在起录多久 · from now on for so long', durationMs)
    .action((flags: Flags) => act(terminal, flags));

async function act(terminal: Terminal, flags: Flags): Promise<void> {
  const { kafkaBrokers: brokers, topicPrefix } = findSystem(terminal.env);
  await using opened = new AsyncDisposableStack();
  const kafka = opened.adopt(connectKafka({ brokers, clientId: 'lingquan', log: quietLog(), topicPrefix }), (one) =>
    one.close(),
  );
  const writer = existsSync(flags.out) ? await goOn(terminal, flags.out) : await begin(kafka, flags);
  const stopped = terminal.interruption();
  const startedAt = performance.now();
  const done = await runRecord(kafka, writer, {
    stopped,
    onProgress: everySecond((progress) => terminal.err(`录制 recording ${progressText(progress)}\n`)),
  });
  if (done === undefined)
    throw new AppError(
      'unavailable',
      `已中断，可读，也可接着录 interrupted; it can be read, and gone on with: lingquan record --out ${flags.out}`,
    );
  const seconds = (performance.now() - startedAt) / 1000;
  const { size } = await stat(flags.out);
  show(terminal, flags.json, { file: flags.out, bytes: size, seconds, ...done }, () =>
    [
      done.records === 0 ? '这段里没有记录 there was no record in this range' : partitionsText(done.partitions),
      `✓ ${flags.out}: ${done.records} 条 records，${bytesText(size)}，${seconds.toFixed(1)} s`,
      `  摘要 digest ${done.digest}`,
    ].join('\n'),
  );
}

async function goOn(terminal: Terminal, file: string): Promise<Writer> {
  const writer = await resumeRecording(file).catch((cause: unknown) => {
    if (!(cause instanceof AppError)) throw new AppError('invalid', `不能写入 cannot write ${file}`, { cause });
    if (cause.code !== 'conflict') throw cause;
    throw new AppError(
      'conflict',
      `${file} 已录完，换个 --out，或先删除它 is finished: choose another --out, or remove it first`,
    );
  });
  terminal.err(`接着录 going on with ${file}: --topics --from --to --for 以文件为准 are as it says\n`);
  return writer;
}

async function begin(kafka: Kafka, { out, topics, from, to, for: forMs }: Flags): Promise<Writer> {
  if (forMs !== undefined && to !== undefined)
    throw new AppError('invalid', '--to 和 --for 只能选一个 · choose one of --to and --for');
  const there = new Set(await kafka.topicNames());
  const missing = topics?.filter((topic) => !there.has(topic)) ?? [];
  if (missing.length > 0)
    throw new AppError(
      'invalid',
      `没有这些主题 there are no such topics: ${missing.join(', ')}. 有 there are: ${[...there].toSorted().join(', ')}`,
    );
  const plan = await planRecording(kafka, {
    topics: topics ?? recordedTopics.filter((topic) => there.has(topic)),
    from: from ?? { kind: forMs === undefined ? 'beginning' : 'now' },
    to: forMs === undefined ? (to ?? { kind: 'now' }) : { kind: 'instant', atMs: Date.now() + forMs },
  });
  if (plan.ranges.length === 0)
    throw new AppError('invalid', '系统里还没有主题 this system has no topics yet: npm start');
  return createRecording(out, plan);
}

const names = (text: string): string[] => text.split(',').map((name) => name.trim());
