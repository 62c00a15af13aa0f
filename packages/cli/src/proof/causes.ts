import { topics } from '@lingquan/events';
import { startCheck } from '../audit/check.ts';
import type { CheckResult } from '../audit/check.ts';
import type { Place } from '../audit/place.ts';
import { bytesOf, doubles } from './columns.ts';
import { keyTable } from './key-table.ts';
import { outcomeText } from './outcomes.ts';
import type { Outcomes } from './outcomes.ts';
import type { Rank, Spans } from './spans.ts';

/** Of a fact: what caused it, when, and where the fact stands. */
type Caused = { causeId: string; timeMs: number; place: Place };

const UNKNOWN = 0;
const NO_TURN = 1;
const FIRST_RANK = 2;

/**
 * The commands that facts name as their causes, with their ranks once the commands are read, which is after the facts: on a system at work a
 * fact's command is then there. 40 bytes a command.
 */
export function startCommands(spans: Spans) {
  const ids = keyTable();
  const turns = doubles();
  const timesMs = doubles();
  const places = doubles();
  return {
    /** A fact that a command is said to have caused. */
    expect({ causeId, timeMs, place }: Caused): void {
      const before = ids.size();
      const command = ids.put(causeId);
      if (command !== before) return;
      timesMs.set(command, timeMs);
      places.set(command, place);
    },
    /** A command; given twice, it was decided the first time. */
    take({ id, partition, offset }: { id: string; partition: number; offset: number }): void {
      const command = ids.find(id);
      if (command === undefined || turns.get(command) !== UNKNOWN) return;
      const rank = spans.rankOf(topics.couponCommands.name, partition, offset);
      turns.set(command, rank === undefined ? NO_TURN : rank + FIRST_RANK);
    },
    /** A command's rank; 'no turn' when the journal does not come that far, 'not found' when no such command was read. */
    rank(id: string): Rank | 'no turn' | 'not found' {
      const turn = turns.get(ids.find(id) ?? Infinity);
      return turn >= FIRST_RANK ? turn - FIRST_RANK : turn === NO_TURN ? 'no turn' : 'not found';
    },
    /** The facts whose command was not read. */
    *missing(): Generator<{ timeMs: number; place: Place }> {
      for (let command = 0; command < ids.size(); command++)
        if (turns.get(command) === UNKNOWN) yield { timeMs: timesMs.get(command), place: places.get(command) };
    },
    size: () => ids.size(),
    bytes: () => bytesOf([ids, turns, timesMs, places]),
  };
}

export type Commands = ReturnType<typeof startCommands>;

/** Every fact has its cause on record; what is older than the oldest push or command kept may have lost it to retention. */
export function startCauses() {
  const check = startCheck('causes', '有因有果 every fact has its push or command on record');
  let lost = 0;

  function missing(timeMs: number, place: Place, keptFromMs: number, what: string): void {
    if (timeMs < keptFromMs) lost += 1;
    else check.found(`${what}, of ${outcomeText(place)}`);
  }

  return {
    /** Facts about campaigns and coupons, after all commands were read. `keptFromMs`: commands from here on are all on record. */
    commands(commands: Commands, keptFromMs: number): void {
      check.looked(commands.size());
      for (const { timeMs, place } of commands.missing())
        missing(timeMs, place, keptFromMs, '没有这条命令 no such command on record');
    },
    /** Outcomes, after all pushes were read. */
    outcomes(outcomes: Outcomes, keptFromMs: number): void {
      check.looked(outcomes.size());
      for (let index = 0; index < outcomes.size(); index++)
        if (outcomes.rank(index) === 'not found')
          missing(outcomes.timeMs(index), outcomes.place(index), keptFromMs, '没有这次推送 no such push on record');
    },
    /** Facts whose cause retention has taken. */
    lost: () => lost,
    result: (): CheckResult => check.result(),
  };
}
