import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { deadLetterTopic, outcomeId, topics } from '@lingquan/events';
import type { Recorded } from '@lingquan/recording';
import { bucketCount, openBuckets } from './buckets.ts';
import type { Buckets } from './buckets.ts';
import { contentOf, idOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { startLatency } from './latency.ts';
import type { Percentiles } from './latency.ts';
import { match } from './match.ts';
import type { Difference } from './match.ts';
import type { Source } from './source.ts';

const inbound = topics.wechatInbound.name;
const replies = topics.ingressReplies.name;

const deadLetters = [inbound, topics.couponCommands.name].map(deadLetterTopic);

/** Where the issuer says what it decided. */
export const outcomeTopics: readonly string[] = [
  topics.couponEvents.name,
  replies,
  topics.paymentNotifications.name,
  ...deadLetters,
];

/** Records of one type, counted by id and content, so that what was published twice counts once. */
export type TypeComparison = {
  topic: string;
  type: string;
  a: number;
  b: number;
  onlyInA: number;
  onlyInB: number;
  differing: number;
  /** SHA-256 over all of them, sorted; hex. */
  digestA: string;
  digestB: string;
};

export type Comparison = {
  a: string;
  b: string;
  /** Of all that was compared; false when that is nothing. */
  same: boolean;
  /** The topics both sides speak for, also where one, or both, said nothing. */
  compared: string[];
  /** The topics one side was made without: nothing is said about them. */
  leftOut: string[];
  types: TypeComparison[];
  /** Over all types. */
  digestA: string;
  digestB: string;
  latencyMs: { a: Percentiles | undefined; b: Percentiles | undefined };
};

/** A difference as a person or a program reads it; places are `topic[partition]@offset`. */
export type ToldDifference = {
  verdict: Difference['verdict'];
  type: string;
  a: string | undefined;
  b: string | undefined;
};

type Kind = { topic: string; type: string };

/**
 * Holds what the issuer said on one side against the other: the same facts, replies and answers, in the same bytes, in whatever order
 * partitions and crashes left them. Memory is bounded; the rest goes through temporary files.
 */
export async function runCompare(
  a: Source,
  b: Source,
  {
    onDifference,
    onRead,
  }: { onDifference: (difference: ToldDifference) => void; onRead: (side: string, records: number) => void },
): Promise<Comparison> {
  const [inA, inB] = [new Set(await a.covers(outcomeTopics)), new Set(await b.covers(outcomeTopics))];
  const compared = outcomeTopics.filter((topic) => inA.has(topic) && inB.has(topic));
  const kinds = kindList();
  using opened = new DisposableStack();
  const [left, right] = [opened.use(openBuckets()), opened.use(openBuckets())];
  const sides = [
    { source: a, buckets: left, pushes: opened.use(openBuckets()), latency: startLatency() },
    { source: b, buckets: right, pushes: opened.use(openBuckets()), latency: startLatency() },
  ];
  for (const { source, buckets, pushes } of compared.length === 0 ? [] : sides) {
    let count = 0;
    await source.read([...compared, inbound], (records) => {
      for (const record of records) take(record, kinds, buckets, pushes);
      onRead(source.name, (count += records.length));
    });
  }

  const tallies = new Map<number, ReturnType<typeof startTally>>();
  const tallyOf = (kind: number) => tallies.get(kind) ?? tallies.set(kind, startTally()).get(kind)!;
  for (let n = 0; n < bucketCount; n++) {
    const matched = match(left.read(n), right.read(n));
    for (const entry of matched.a) tallyOf(entry.kind).a.take(entry);
    for (const entry of matched.b) tallyOf(entry.kind).b.take(entry);
    for (const difference of matched.differences) {
      const { kind } = (difference.a ?? difference.b)!;
      tallyOf(kind).counts[difference.verdict]++;
      onDifference(told(difference, kinds.of(kind)));
    }
    sides[0]!.latency.take(sides[0]!.pushes.read(n), matched.a);
    sides[1]!.latency.take(sides[1]!.pushes.read(n), matched.b);
  }

  const types = [...tallies]
    .map(([kind, tally]) => ({ ...kinds.of(kind), ...tally.result() }))
    .toSorted((x, y) => (x.topic + x.type < y.topic + y.type ? -1 : 1));
  const whole = (side: 'digestA' | 'digestB') =>
    createHash('sha256')
      .update(types.map((one) => `${one.topic} ${one.type} ${one[side]}\n`).join(''))
      .digest('hex');
  return {
    a: a.name,
    b: b.name,
    same: compared.length > 0 && types.every(({ digestA, digestB }) => digestA === digestB),
    compared,
    leftOut: outcomeTopics.filter((topic) => inA.has(topic) !== inB.has(topic)),
    types,
    digestA: whole('digestA'),
    digestB: whole('digestB'),
    latencyMs: { a: sides[0]!.latency.result(), b: sides[1]!.latency.result() },
  };
}

function take(record: Recorded, kinds: KindList, buckets: Buckets, pushes: Buckets): void {
  const { topic, partition, offset, timestampMs, headers } = record;
  const id = String(headers['ce_id']);
  if (topic === inbound) {
    // Kept under the id of the reply it will get, so that both meet in one bucket.
    const reply = idOf(replies, outcomeId(id, 'ingress.reply'));
    pushes.add({ id: reply, content: '', kind: 0, partition, offset, timestampMs });
    return;
  }
  // Others say something on these topics too: payment answers shoppers, ingress passes notices on. Dead letters keep the headers of
  // what they were.
  if (!deadLetters.includes(topic) && String(headers['ce_source']) !== 'coupon-issuer') return;
  const kind = kinds.indexOf(topic, String(headers['ce_type'] ?? ''));
  buckets.add({ id: idOf(topic, id), content: contentOf(record), kind, partition, offset, timestampMs });
}

type KindList = ReturnType<typeof kindList>;

function kindList() {
  const kinds: Kind[] = [];
  const places = new Map<string, number>();
  return {
    indexOf: (topic: string, type: string): number => {
      const key = `${topic} ${type}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, kinds.length);
      return kinds.push({ topic, type }) - 1;
    },
    of: (place: number): Kind => kinds[place]!,
  };
}

function startTally() {
  const counts: Record<Difference['verdict'], number> = { 'only in A': 0, 'only in B': 0, differs: 0 };
  const [a, b] = [startCount(), startCount()];
  return {
    a,
    b,
    counts,
    result: () => ({
      a: a.count(),
      b: b.count(),
      onlyInA: counts['only in A'],
      onlyInB: counts['only in B'],
      differing: counts.differs,
      digestA: a.digest(),
      digestB: b.digest(),
    }),
  };
}

/** Counts and digests entries, which come sorted. */
function startCount() {
  const digest: Hash = createHash('sha256');
  let count = 0;
  return {
    take: ({ id, content }: Entry) => {
      digest.update(id + content);
      count++;
    },
    count: () => count,
    digest: () => digest.copy().digest('hex'),
  };
}

function told({ verdict, a, b }: Difference, { topic, type }: Kind): ToldDifference {
  const place = (entry: Entry | undefined) => entry && `${topic}[${entry.partition}]@${entry.offset}`;
  return { verdict, type, a: place(a), b: place(b) };
}
