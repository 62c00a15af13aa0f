import { AppError } from '@lingquan/errors';
import kafkajs from 'kafkajs';
import type { Consumer as Client, ConsumerConfig, EachBatchPayload } from 'kafkajs';
import type { Connection } from './connection.ts';
import { toBatch } from './records.ts';
import { PositionGap, runRound } from './rounds.ts';
import type { RoundHandlers } from './rounds.ts';

export type ConsumerOptions = RoundHandlers & {
  /** The consumer group, without the system's prefix. */
  group: string;
  /** Topics, without the system's prefix. */
  topics: string[];
  /** Where a group without a position begins: every record there is (default), or only what is written from now on. */
  from?: 'beginning' | 'now';
  /** Takes this one partition of the only topic instead of a share of all: for a group of one member. */
  onlyPartition?: number;
  /**
   * How long the broker may hold a fetch back until it is worth while (64 KiB): for readers nobody waits for. Fewer, fuller
   * rounds cost the broker, the store and the reader a fraction. Default 0: every record at once.
   */
  gatherMs?: number;
  /** Called when the consumer cannot go on; the process should end and be started again. */
  onFatal: (error: Error) => void;
};

export type Consumer = {
  /** Rejects with `unavailable` while the group is not joined or nothing was heard of it for a while. */
  ready: () => Promise<void>;
  stop: () => Promise<void>;
};

type Pending = { payload: EachBatchPayload; resolve: () => void; reject: (error: unknown) => void };

const SILENCE_MS = 60_000;
const HINT_EVERY_MS = 1000;
const GATHER_BYTES = 64 * 1024;

const settings = {
  // A killed member's partitions wait for its session to end, so this is how long a kill -9 stops the reading: the least
  // a broker allows by default. Losing the session by mistake costs a rejoin; the store's positions keep it harmless.
  sessionTimeout: 6000,
  rebalanceTimeout: 60_000,
  heartbeatInterval: 1500,
  maxWaitTimeInMs: 200,
  maxBytesPerPartition: 512 * 1024,
  maxBytes: 4 * 1024 * 1024,
  allowAutoTopicCreation: false,
} satisfies Partial<ConsumerConfig>;

/**
 * Reads in rounds: the batches of all partitions that one fetch brought are handed over together, so that one transaction
 * pays for all of them. Kafka's committed offsets are a hint, written about once a second; the store's positions are the truth.
 */
export async function startConsumer({ client, log, prefix }: Connection, options: ConsumerOptions): Promise<Consumer> {
  const consumer = client.consumer({
    ...settings,
    ...(options.gatherMs === undefined ? {} : { minBytes: GATHER_BYTES, maxWaitTimeInMs: options.gatherMs }),
    groupId: prefix + options.group,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 2000 },
    ...(options.onlyPartition === undefined
      ? {}
      : { partitionAssigners: [assignOnly(prefix + options.topics[0]!, options.onlyPartition)] }),
  });
  const gather = gatherRounds((payloads) => handleRound(payloads));
  const hint = offsetHint();
  const sought = new Set<string>();
  let joined = false;
  let heardAt = 0;
  let stopping = false;

  async function handleRound(payloads: EachBatchPayload[]): Promise<void> {
    const batches = payloads.map((payload) => toBatch(prefix, payload.batch));
    const attendance = {
      stillOurs: () => payloads.every((payload) => payload.isRunning() && !payload.isStale()),
      heartbeat: () => payloads[0]!.heartbeat(),
    };
    try {
      if (!(await runRound(batches, options, attendance, log))) return;
    } catch (error) {
      if (error instanceof PositionGap) return seekBack(error);
      if (error instanceof AppError) options.onFatal(error); // kafkajs would try for ever; what it throws itself passes
      throw error;
    }
    for (const payload of payloads) payload.resolveOffset(payload.batch.lastOffset());
    await hint(payloads);
    await attendance.heartbeat();
  }

  function seekBack({ topic, partition, expected }: PositionGap): void {
    const key = `${topic}[${partition}]@${expected}`;
    if (sought.has(key))
      return options.onFatal(
        new AppError('internal', `${key} is not in kafka any more: records were lost to retention or deletion`),
      );
    sought.add(key);
    log.warn(
      { topic, partition, expected },
      'kafka is ahead of the store; reading again from the position the store knows',
    );
    consumer.seek({ topic: prefix + topic, partition, offset: String(expected) });
  }

  const heard = () => void (heardAt = Date.now());
  consumer.on(consumer.events.HEARTBEAT, heard);
  consumer.on(consumer.events.FETCH, heard);
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    joined = false;
    if (!payload.restart && !stopping) options.onFatal(payload.error);
  });
  const firstJoin = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      joined = true;
      sought.clear(); // a new member may stand before the same gap
      heard();
      resolve();
    });
  });

  await connectPatiently(
    consumer,
    options.topics.map((topic) => prefix + topic),
    options.from ?? 'beginning',
    log,
  );
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 64,
    eachBatch: (payload) => gather(payload),
  });
  await firstJoin;
  return {
    ready: async () => {
      if (!joined || Date.now() - heardAt > SILENCE_MS)
        throw new AppError('unavailable', `the consumer group ${options.group} is not reading`);
    },
    stop: async () => {
      stopping = true;
      await consumer.disconnect();
    },
  };
}

/** Subscribes, trying on while no broker answers: a service that starts before its broker waits for it. */
async function connectPatiently(
  consumer: Client,
  topics: string[],
  from: 'beginning' | 'now',
  log: Connection['log'],
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await consumer.connect();
      await consumer.subscribe({ topics, fromBeginning: from === 'beginning' });
      // A broker that runs for the first time is still making the topic its groups are kept in; kafkajs takes that for the end.
      await consumer.describeGroup();
      return;
    } catch (error) {
      if (attempt === 0) log.warn({ err: error }, 'kafka does not answer; trying on');
      if (attempt > 60) throw new AppError('unavailable', 'kafka does not answer', { cause: error });
      await new Promise<void>((resolve) => void setTimeout(resolve, 500));
    }
  }
}

/** Collects the partition batches that one fetch brought, and what arrives while a round is under way, into the next round. */
function gatherRounds(handle: (payloads: EachBatchPayload[]) => Promise<void>) {
  let waiting: Pending[] = [];
  let busy = false;
  const run = async () => {
    while (waiting.length > 0) {
      const round = waiting;
      waiting = [];
      try {
        await handle(round.map(({ payload }) => payload));
        for (const { resolve } of round) resolve();
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    busy = false;
  };
  return (payload: EachBatchPayload): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ payload, resolve, reject });
      if (busy) return;
      busy = true;
      setImmediate(() => void run());
    });
}

/** Writes Kafka's committed offsets now and then, for lag monitoring and a quick start; losing one costs a re-read. */
function offsetHint() {
  const done = new Map<string, { topic: string; partition: number; offset: string }>();
  let writtenAt = Date.now();
  return async (payloads: EachBatchPayload[]): Promise<void> => {
    for (const { batch } of payloads)
      done.set(`${batch.topic}/${batch.partition}`, {
        topic: batch.topic,
        partition: batch.partition,
        offset: String(Number(batch.lastOffset()) + 1),
      });
    if (Date.now() - writtenAt < HINT_EVERY_MS) return;
    writtenAt = Date.now();
    const offsets = [...done.values()].map(({ topic, partition, offset }) => ({
      topic,
      partitions: [{ partition, offset }],
    }));
    done.clear();
    await payloads[0]!.commitOffsetsIfNecessary({ topics: offsets });
  };
}

/** An assigner for a group of one: this partition and nothing else. */
const assignOnly = (topic: string, partition: number): NonNullable<ConsumerConfig['partitionAssigners']>[number] => {
  const { AssignerProtocol } = kafkajs;
  const name = 'OnlyPartition';
  return () => ({
    name,
    version: 0,
    assign: async ({ members }) =>
      members.map(({ memberId }) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 0,
          assignment: { [topic]: [partition] },
          userData: Buffer.alloc(0),
        }),
      })),
    protocol: ({ topics }) => ({
      name,
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
    }),
  });
};
