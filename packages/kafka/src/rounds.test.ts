import { expect, test } from '@jest/globals';
import { AppError } from '@lingquan/errors';
import { createLog } from '@lingquan/log';
import type { IncomingRecord, PartitionBatch } from './records.ts';
import { PositionGap, runRound } from './rounds.ts';
import type { RoundHandlers } from './rounds.ts';

const log = createLog({ service: 'test', level: 'silent' });

const record = (partition: number, offset: number): IncomingRecord => ({
  topic: 't',
  partition,
  offset,
  key: null,
  value: null,
  headers: {},
});
const batch = (partition: number, ...offsets: number[]): PartitionBatch => ({
  topic: 't',
  partition,
  records: offsets.map((offset) => record(partition, offset)),
});
const round = [batch(0, 1, 2, 3), batch(1, 7)];

/** Attendance of a member that keeps its partitions for `rounds` questions, and counts its heartbeats. */
function attendance(questions = Infinity) {
  let asked = 0;
  let beats = 0;
  return {
    stillOurs: () => asked++ < questions,
    heartbeat: async () => void beats++,
    beats: () => beats,
  };
}

/** Handlers that note what they were given; `fail` decides what goes wrong. */
function handlers(fail: (offsets: string[], call: number) => unknown) {
  const rounds: string[][] = [];
  const poison: string[] = [];
  const noted: RoundHandlers = {
    onRound: async (batches) => {
      const offsets = batches.flatMap(({ records }) =>
        records.map(({ partition, offset }) => `${partition}/${offset}`),
      );
      rounds.push(offsets);
      const error = fail(offsets, rounds.length);
      if (error !== undefined) throw error;
    },
    onPoison: async ({ partition, offset }) => void poison.push(`${partition}/${offset}`),
  };
  return { ...noted, rounds, poison };
}

test('a round that goes through is taken whole, once', async () => {
  const taken = handlers(() => undefined);
  expect(await runRound(round, taken, attendance(), log)).toBe(true);
  expect(taken.rounds).toEqual([['0/1', '0/2', '0/3', '1/7']]);
});

test.each(['unavailable', 'conflict'] as const)(
  '%s passes: the whole round is tried until it goes through',
  async (code) => {
    const taken = handlers((_offsets, call) => (call <= 4 ? new AppError(code, 'not now') : undefined));
    const present = attendance();
    expect(await runRound(round, taken, present, log)).toBe(true);
    expect(taken.rounds).toHaveLength(5);
    expect(present.beats()).toBe(4);
    expect(taken.poison).toEqual([]);
  },
);

test('a record that always fails is put aside alone; the others are taken in order', async () => {
  const taken = handlers((offsets) => (offsets.includes('0/2') ? new Error('cannot') : undefined));
  expect(await runRound(round, taken, attendance(), log)).toBe(true);
  expect(taken.poison).toEqual(['0/2']);
  expect(taken.rounds.slice(2)).toEqual([['0/1'], ['0/2'], ['0/2'], ['0/3'], ['1/7']]);
});

test('what fails once for no reason is only tried again', async () => {
  const taken = handlers((_offsets, call) => (call === 1 ? new TypeError('odd') : undefined));
  expect(await runRound(round, taken, attendance(), log)).toBe(true);
  expect([taken.rounds.length, taken.poison]).toEqual([2, []]);
});

test('a dependency that fails among single records is waited for, not blamed on one of them', async () => {
  const taken = handlers((offsets, call) => {
    if (call <= 2) return new Error('cannot');
    return call === 3 ? new AppError('unavailable', 'not now') : undefined;
  });
  expect(await runRound(round, taken, attendance(), log)).toBe(true);
  expect(taken.poison).toEqual([]);
});

test('a round whose partition was taken away is given up and nothing of it put aside', async () => {
  const taken = handlers(() => new AppError('unavailable', 'not now'));
  expect(await runRound(round, taken, attendance(3), log)).toBe(false);
  expect([taken.rounds.length, taken.poison]).toEqual([3, []]);
});

test('a gap between the store and Kafka is not tried again: the partition must be read again', async () => {
  const taken = handlers(() => new PositionGap('t', 0, 0));
  await expect(runRound(round, taken, attendance(), log)).rejects.toBeInstanceOf(PositionGap);
  expect(taken.rounds).toHaveLength(1);
});

test('a dead letter that cannot be written stops the round rather than lose the record', async () => {
  const taken = handlers(() => new Error('cannot'));
  const onPoison = async () => {
    throw new Error('neither');
  };
  await expect(runRound(round, { ...taken, onPoison }, attendance(), log)).rejects.toMatchObject({ code: 'internal' });
});
