import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import { until } from '@lingquan/test-kit';
import { IN, OUT, input, storeSystem, valuesOf } from './system.ts';
import type { StoreSystem } from './system.ts';

const LONG_MS = 240_000;
const BURST = 40;
/** What happens to which of the three processes, burst after burst. A paused one wakes two bursts later. */
const faults = [
  ['pause', 0],
  ['kill', 1],
  ['cut', 0],
  ['pause', 2],
  ['kill', 0],
  ['pause', 1],
  ['cut', 0],
  ['kill', 2],
] as const;

const processors = (system: StoreSystem) => {
  const start = (): ChildProcess =>
    spawn(
      process.execPath,
      [
        fileURLToPath(new URL('processor-process.ts', import.meta.url)),
        system.store.url,
        system.env.KAFKA_BROKERS,
        system.prefix,
      ],
      { stdio: 'inherit' },
    );
  const running = [start(), start(), start()];
  return {
    kill: async (place: number) => {
      const child = running[place]!;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      running[place] = start();
    },
    pause: (place: number) => void running[place]!.kill('SIGSTOP'),
    resumeAll: () => running.forEach((child) => child.kill('SIGCONT')),
    end: () => running.forEach((child) => child.kill('SIGKILL')),
  };
};

test(
  'processes killed, paused until others have their partitions, and cut off from Postgres: every record once, said in the order decided',
  async () => {
    await using system = await storeSystem('eo-processes');
    await using started = new AsyncDisposableStack();
    await system.rows('create table turn as select 1 as one');
    const processes = processors(system);
    started.defer(processes.end);
    const takenAtLeast = (count: number) =>
      until(async () => (await system.taken()).length >= count, `${count} are taken`, 90_000);

    let published = 0;
    for (const [fault, place] of faults) {
      const values = Array.from({ length: BURST }, () => String(published++));
      await system.publish(values.slice(0, BURST / 2).map((value) => input(value)));
      if (fault === 'kill') await processes.kill(place);
      if (fault === 'pause') processes.pause(place);
      if (fault === 'cut')
        await system.rows(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and application_name = 'outbox relay'`,
        );
      await system.publish(values.slice(BURST / 2).map((value) => input(value)));
      await takenAtLeast(published); // by the others, while one is paused
      if (fault !== 'pause') processes.resumeAll();
    }
    processes.resumeAll();
    await system.outboxEmpty();

    const taken = await system.taken();
    expect(taken.toSorted()).toEqual(Array.from({ length: published }, (_, n) => String(n)).toSorted());
    const said = [...new Set(valuesOf(await system.read(OUT)))]; // again is harmless, in another order is not
    expect(said).toEqual(taken);
    expect(await decidedByJournal(system)).toEqual(taken);
  },
  LONG_MS,
);

/** The records in the order the journal gives them their turns; every turn must be told, and one told twice must say the same. */
async function decidedByJournal(system: StoreSystem): Promise<string[]> {
  const turns = new Map<bigint, string>();
  for (const { value } of await system.read('coupon.journal')) {
    const { sequence, partition, firstOffset, lastOffset } = fromBinary(JournalEntrySchema, value!);
    const turn = `${partition} ${firstOffset} ${lastOffset}`;
    expect(turns.get(sequence) ?? turn).toBe(turn);
    turns.set(sequence, turn);
  }
  const records = await system.read(IN);
  return [...turns]
    .toSorted(([a], [b]) => Number(a - b))
    .flatMap(([, turn]) => {
      const [partition, first, last] = turn.split(' ').map(Number) as [number, number, number];
      return records.filter((one) => one.partition === partition && one.offset >= first && one.offset <= last);
    })
    .map(({ value }) => String(value));
}
