import { setTimeout as delay } from 'node:timers/promises';
import { topics } from '@lingquan/events';
import type { Kafka, TopicEnds } from '@lingquan/kafka';
import { startCheck } from './check.ts';
import type { CheckResult } from './check.ts';
import type { IssuerReader, LogReader, StoreStand } from './databases.ts';
import type { PaymentReader } from './payment-store.ts';

const inbound = topics.wechatInbound.name;
const commands = topics.couponCommands.name;
const events = topics.couponEvents.name;
const payCommands = topics.paymentCommands.name;
const payNotices = topics.paymentNotifications.name;
const payEvents = topics.paymentEvents.name;

/** The ends of the topics an audit looks at, by topic. */
export type Ends = Record<string, TopicEnds>;

/** Where every store stands. */
export type Stands = {
  issuer: StoreStand;
  log: StoreStand;
  /** Absent in a system without payment. */
  payment?: StoreStand | undefined;
};

export type Rest = Stands & {
  ends: Ends;
  lagging: string[];
  partitions: number;
};

/** Whoever an audit waits for. */
export type Stores = {
  kafka: Kafka;
  issuer: IssuerReader;
  log: LogReader;
  payment: PaymentReader | undefined;
  /** Orders paid at the platform; undefined when there is none to ask. */
  paidThere: () => Promise<string[] | undefined>;
};

const POLL_MS = 200;

/**
 * Waits, until `untilMs` at most, until every consumer has read its topics to the end, has nothing left to publish and nothing due, and two
 * looks in a row see the same: services answer each other through topics, so one look alone may miss what is between two of them.
 */
export async function awaitRest(stores: Stores, untilMs: number, onWait: (lagging: string[]) => void): Promise<Rest> {
  let before: Rest | undefined;
  for (let toldAt = Date.now(); ;) {
    const rest = await lookAround(stores);
    const still = before?.lagging.length === 0 && JSON.stringify(before.ends) === JSON.stringify(rest.ends);
    if ((rest.lagging.length === 0 && still) || Date.now() > untilMs) return rest;
    before = rest;
    if (Date.now() - toldAt > 1000 && rest.lagging.length > 0) {
      onWait(rest.lagging);
      toldAt = Date.now();
    }
    await delay(POLL_MS);
  }
}

/** Ends first, then positions: what a position has reached was there. */
async function lookAround({ kafka, issuer, log, payment, paidThere }: Stores): Promise<Rest> {
  const ends: Ends = {};
  const reads = payment === undefined ? [inbound, commands] : [inbound, commands, payCommands, payNotices];
  const paid = payment === undefined ? undefined : await paidThere();
  for (const topic of reads) ends[topic] = await kafka.offsets(topic);
  const issuerStand = await issuer.stand();
  const paymentStand = await payment?.stand();
  for (const topic of [events, payEvents]) ends[topic] = await kafka.offsets(topic);
  const stands = { issuer: issuerStand, payment: paymentStand, log: await log.stand() };
  const missing = paid === undefined ? [] : await payment!.unpaidAmong(paid);
  const lagging = [
    ...laggards(ends, stands),
    ...(missing.length === 0
      ? []
      : [`payment: 平台已付、这里未付 paid at the platform and not here yet: ${missing.length} (${missing[0]})`]),
  ];
  const partitions = Object.values(ends).reduce((sum, partitionEnds) => sum + partitionEnds.length, 0);
  return { ends, ...stands, lagging, partitions };
}

const laggards = (ends: Ends, { issuer, payment, log }: Stands): string[] => [
  ...behind('coupon-issuer', ends, [inbound, commands], issuer),
  ...(payment === undefined ? [] : behind('payment', ends, [payCommands, payNotices], payment)),
  ...behind('claim-log', ends, [events, payEvents], log),
];

/** What a store has not read, published or done yet, one line each. */
export function behind(service: string, ends: Ends, read: string[], { positions, outbox, due }: StoreStand): string[] {
  const lines = read.flatMap((topic) =>
    (ends[topic] ?? []).flatMap(({ partition, high }) => {
      const next = positions.find((one) => one.topic === topic && one.partition === partition)?.next ?? 0;
      return next === high ? [] : [`${service}: ${topic}[${partition}] 读到 stands at ${next}，末尾 end ${high}`];
    }),
  );
  if (outbox > 0) lines.push(`${service}: 待发布 ${outbox} 批 batches wait to be published`);
  if (due > 0) lines.push(`${service}: 到期未办 ${due} 项 are due and not done`);
  return lines;
}

/**
 * The check that the system had come to rest, and stayed so until the audit was over: `frozen` is where the stores stood when what they
 * hold was read, `endsAfter` where the topics ended after everything was.
 */
export function restResult({ ends, lagging, partitions }: Rest, frozen: Stands, endsAfter: Ends): CheckResult {
  const check = startCheck('rest', '已处理完 everything was read and published');
  check.looked(partitions);
  for (const line of new Set([...lagging, ...laggards(ends, frozen)])) check.found(line);
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
