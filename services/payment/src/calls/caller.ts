import { uuidOf } from '@lingquan/events';
import type { Log } from '@lingquan/log';
import { inTransaction } from '@lingquan/postgres';
import { startWork } from '@lingquan/service/work.ts';
import type { Pool } from 'pg';
import type { Happening } from '../domain/happening.ts';
import { loadOrders } from '../store/orders.ts';
import { loadRefunds } from '../store/refunds.ts';
import { finishTasks, takeDue } from '../store/tasks.ts';
import type { Task } from '../store/tasks.ts';
import { perform } from './perform.ts';
import type { Subject } from './perform.ts';
import type { Platform } from './platform.ts';
import type { Results } from './results.ts';

export type CallerOptions = { pool: Pool; platform: Platform; results: Results; log: Log; leaseMs?: number };

export type Caller = {
  /** There may be something due. */
  wake: () => void;
  /** Takes nothing more; resolves when what is under way has its result in the store. */
  stop: () => Promise<void>;
};

/** Calls under way at a time: prepays have places of their own, somebody waits for them. At 100 ms each 480 orders a second or more. */
const HURRIED_MAX = 64;
const OTHERS_MAX = 32;

/** Places are filled again once half of them are free: a few statements for many calls instead of some for each. */
const freeIn = (lane: Set<unknown>, max: number): number => (lane.size > max / 2 ? 0 : max - lane.size);

/**
 * Longer than nearly every call with its tries takes; short, because after a kill somebody waits for it. One that takes longer still is
 * made twice, which does no harm.
 */
const LEASE_MS = 15_000;
const LOOK_MS = 500;

/**
 * Makes the calls that are due, some at a time, and settles what came of them. Several processes share the work: each task is leased,
 * and one whose process was killed is made again, with the same numbers.
 */
export function startCaller({ pool, platform, results, log, leaseMs = LEASE_MS }: CallerOptions): Caller {
  const hurried = new Set<Promise<void>>();
  const others = new Set<Promise<void>>();

  const settle = (task: Task, happening: Happening): Promise<void> => {
    const { outTradeNo, kind, key, turn } = task;
    const outRefundNo = kind === 'refund' || kind === 'query_refund' ? key : undefined;
    const cause = { id: uuidOf('payment-call', kind, key, turn), timeMs: Date.now(), traceparent: undefined };
    return results.settle({ outTradeNo, outRefundNo, happening, cause, task });
  };

  async function handle(task: Task, subject: Subject): Promise<void> {
    try {
      const happening = await perform(platform, task, subject);
      if (happening === undefined) await inTransaction(pool, (client) => finishTasks(client, [task]));
      else await settle(task, happening);
    } catch (error) {
      log.error({ err: error, task: task.kind }, 'a call could not be brought to its end; it is made again');
    }
  }

  /** The clock has spoken for orders whose time is over: from then on they are closing, and cannot be paid by our parameters. */
  async function begin(tasks: Task[]): Promise<void> {
    const due = tasks.filter(({ kind }) => kind === 'close');
    await Promise.all(due.map((task) => settle({ ...task, turn: '0' }, { kind: 'time_out' })));
  }

  async function load(tasks: Task[]): Promise<(task: Task) => Subject> {
    const [orders, refunds] = await Promise.all([
      loadOrders(pool, [...new Set(tasks.map(({ outTradeNo }) => outTradeNo))]),
      loadRefunds(
        pool,
        [],
        tasks.map(({ key }) => key),
      ),
    ]);
    const byNo = new Map(refunds.map((refund) => [refund.outRefundNo, refund]));
    return ({ outTradeNo, key }) => ({ order: orders.get(outTradeNo), refund: byNo.get(key) });
  }

  async function launch(tasks: Task[], lane: Set<Promise<void>>): Promise<void> {
    if (tasks.length === 0) return;
    const subjectOf = await load(tasks);
    for (const task of tasks) {
      const handling: Promise<void> = handle(task, subjectOf(task)).finally(() => {
        lane.delete(handling);
        work.wake();
      });
      lane.add(handling);
    }
  }

  async function takeSome(): Promise<number> {
    const [hurriedMax, othersMax] = [freeIn(hurried, HURRIED_MAX), freeIn(others, OTHERS_MAX)];
    if (hurriedMax + othersMax === 0) return 0;
    const tasks = await takeDue(pool, hurriedMax, othersMax, leaseMs);
    await launch(
      tasks.filter(({ kind }) => kind === 'prepay'),
      hurried,
    );
    await begin(tasks);
    await launch(
      tasks.filter(({ kind }) => kind !== 'prepay'),
      others,
    );
    return tasks.length;
  }

  const work = startWork('cannot see which calls are due', LOOK_MS, async () => (await takeSome()) > 0, log);
  return {
    wake: work.wake,
    stop: async () => {
      await work.stop();
      await Promise.all([...hurried, ...others]);
    },
  };
}
