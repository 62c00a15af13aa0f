import { setTimeout as delay } from 'node:timers/promises';
import { topics } from '@lingquan/events';
import type { Kafka, TopicEnds } from '@lingquan/kafka';
import { startCheck } from './check.ts';
import type { CheckResult } from './check.ts';
import type { IssuerReader, LogReader, StoreStand } from './databases.ts';

const inbound = topics.wechatInbound.name;
const commands = topics.couponCommands.name;
const events = topics.couponEvents.name;

/** The ends of the topics an audit looks at, by topic. */
export type Ends = Record<string, TopicEnds>;

export type Rest = { ends: Ends; issuer: StoreStand; log: StoreStand; lagging: string[]; partitions: number };

const POLL_MS = 200;

/** Waits, `withinMs` at most, until issuer and log have read their topics to the end and have nothing left to publish. */
export async function awaitRest(
  stores: { kafka: Kafka; issuer: IssuerReader; log: LogReader },
  withinMs: number,
  onWait: (lagging: string[]) => void,
): Promise<Rest> {
  const until = Date.now() + withinMs;
  for (let toldAt = Date.now(); ;) {
    const rest = await lookAround(stores);
    if (rest.lagging.length === 0 || Date.now() > until) return rest;
    if (Date.now() - toldAt > 1000) {
      onWait(rest.lagging);
      toldAt = Date.now();
    }
    await delay(POLL_MS);
  }
}

/** Ends first, then positions: what a position has reached was there. */
async function lookAround({
  kafka,
  issuer,
  log,
}: {
  kafka: Kafka;
  issuer: IssuerReader;
  log: LogReader;
}): Promise<Rest> {
  const taken = { [inbound]: await kafka.offsets(inbound), [commands]: await kafka.offsets(commands) };
  const issuerStand = await issuer.stand();
  const ends: Ends = { ...taken, [events]: await kafka.offsets(events) };
  const logStand = await log.stand();
  const lagging = [
    ...behind('coupon-issuer', ends, [inbound, commands], issuerStand),
    ...behind('claim-log', ends, [events], logStand),
  ];
  const partitions = Object.values(ends).reduce((sum, partitionEnds) => sum + partitionEnds.length, 0);
  return { ends, issuer: issuerStand, log: logStand, lagging, partitions };
}

/** What a store has not read or not published yet, one line each. */
export function behind(service: string, ends: Ends, read: string[], { positions, outbox }: StoreStand): string[] {
  const lines = read.flatMap((topic) =>
    (ends[topic] ?? []).flatMap(({ partition, high }) => {
      const next = positions.find((one) => one.topic === topic && one.partition === partition)?.next ?? 0;
      return next === high ? [] : [`${service}: ${topic}[${partition}] 读到 stands at ${next}，末尾 end ${high}`];
    }),
  );
  return outbox === 0 ? lines : [...lines, `${service}: 待发布 ${outbox} 批 batches wait to be published`];
}

/** The check that the system had come to rest, and stayed so until the audit was over (`endsAfter`). */
export function restResult({ ends, lagging, partitions }: Rest, endsAfter: Ends): CheckResult {
  const check = startCheck('rest', '已处理完 everything was read and published');
  check.looked(partitions);
  for (const line of lagging) check.found(line);
  for (const [topic, before] of Object.entries(ends))
    for (const { partition, high } of before) {
      const now = endsAfter[topic]?.find((one) => one.partition === partition)?.high ?? high;
      if (now !== high)
        check.found(
          `${topic}[${partition}]: 核对期间新增 ${now - high} 条，请停止流量后重试 grew by ${now - high} during the audit; run it without traffic`,
        );
    }
  return check.result();
}
