import { asAppError } from '@lingquan/postgres';
import type { Pool, PoolClient } from 'pg';
import type { TaskChange, TaskKey } from '../domain/change.ts';
import type { TaskKind } from '../domain/schedule.ts';
import { instant } from './columns.ts';

/** A call that was taken up: its end is ours to write down while `turn` stands. `attempts` counts this one. */
export type Task = TaskKey & { turn: string; attempts: number };

type TaskRow = { kind: TaskKind; key: string; out_trade_no: string; turn: string; attempts: number };

/**
 * Takes up to `hurriedMax` prepays and `max` other calls that are due, the longest due first, passing over what another process is
 * taking. Each is ours for `leaseMs`: it comes due again by itself if this process ends before its result is in the store.
 */
export async function takeDue(pool: Pool, hurriedMax: number, max: number, leaseMs: number): Promise<Task[]> {
  const { rows } = await pool
    .query<TaskRow>({
      name: 'task-take',
      text: `with hurried as (select kind, key from task where kind = 'prepay' and due_at <= now()
                             order by due_at limit $1 for update skip locked),
               others as (select kind, key from task where kind <> 'prepay' and due_at <= now()
                          order by due_at limit $2 for update skip locked),
               due as (select * from hurried union all select * from others)
             update task t set turn = nextval('task_turn'), attempts = attempts + 1, due_at = now() + $3 * interval '1 ms'
             from due where t.kind = due.kind and t.key = due.key
             returning t.kind, t.key, t.out_trade_no, t.turn, t.attempts`,
      values: [hurriedMax, max, leaseMs],
    })
    .catch((error: unknown) => {
      throw asAppError(error);
    });
  return rows.map((row) => ({ ...row, outTradeNo: row.out_trade_no }));
}

/** Removes calls whose result is in, unless they were taken up or changed anew meanwhile. */
export async function finishTasks(client: PoolClient, tasks: Task[]): Promise<void> {
  await client.query({
    name: 'task-finish',
    text: `delete from task t using unnest($1::text[], $2::text[], $3::bigint[]) as f (kind, key, turn)
           where t.kind = f.kind and t.key = f.key and t.turn = f.turn`,
    values: [tasks.map(({ kind }) => kind), tasks.map(({ key }) => key), tasks.map(({ turn }) => turn)],
  });
}

/** Makes calls due, or drops them. One that is due earlier already stays so. At most one change a task. */
export async function changeTasks(client: PoolClient, changes: TaskChange[]): Promise<void> {
  const dropped = changes.filter(({ to }) => to === 'drop');
  const due = changes.flatMap((change) => (change.to === 'due' ? [change] : []));
  await Promise.all([
    dropped.length === 0
      ? undefined
      : client.query({
          name: 'task-drop',
          text: 'delete from task where (kind, key) in (select * from unnest($1::text[], $2::text[]))',
          values: [dropped.map(({ kind }) => kind), dropped.map(({ key }) => key)],
        }),
    due.length === 0
      ? undefined
      : client.query({
          name: 'task-due',
          text: `insert into task (kind, key, out_trade_no, due_at, attempts)
                 select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::int[])
                 on conflict (kind, key) do update
                   set due_at = least(task.due_at, excluded.due_at), turn = nextval('task_turn'), attempts = excluded.attempts`,
          values: [
            due.map(({ kind }) => kind),
            due.map(({ key }) => key),
            due.map(({ outTradeNo }) => outTradeNo),
            due.map(({ atMs }) => instant(atMs)),
            due.map(({ attempts }) => attempts),
          ],
        }),
  ]);
}
