import { inTransaction } from '@lingquan/postgres';
import type { Pool } from 'pg';

/** The tables that grow with every push. */
const tables = ['claim', 'coupon'] as const;
export type Grown = (typeof tables)[number];

/**
 * Takes the indexes of the tables that grow off them, and notes how they are made: rows are written several times as fast without, and making
 * an index of all rows at once costs a tenth of making it row by row. For a store without rows.
 */
export async function takeIndexesOff(pool: Pool): Promise<void> {
  await pool.query(`do $$
    declare one record;
    begin
      if to_regclass('replay_index') is not null then return; end if; -- off already
      create table replay_index as
        select i.indrelid::regclass::text as table_name, i.indexrelid::regclass::text as name, c.oid is not null as is_constraint,
          case when c.oid is null then pg_get_indexdef(i.indexrelid)
            else format('alter table %s add constraint %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) end as definition
        from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
        where i.indrelid in (${tables.map((table) => `'${table}'::regclass`).join(', ')});
      for one in select * from replay_index loop
        if one.is_constraint then execute format('alter table %s drop constraint %s', one.table_name, one.name);
        else execute format('drop index %s', one.name);
        end if;
      end loop;
    end $$`);
}

/** Makes the indexes a table lacks: before rows are looked for in it, or when the replay is done. */
export function openIndexes(pool: Pool) {
  const whole = new Set<Grown>();
  const need = async (table: Grown): Promise<void> => {
    if (whole.has(table)) return;
    await inTransaction(pool, async (client) => {
      await client.query('set local statement_timeout = 0');
      await client.query(`set local maintenance_work_mem = '256MB'`);
      const { rows } = await client.query<{ definition: string }>(
        'delete from replay_index where table_name = $1 returning definition',
        [table],
      );
      for (const { definition } of rows) await client.query(definition);
    });
    whole.add(table);
  };
  return {
    need,
    needAll: async (): Promise<void> => {
      for (const table of tables) await need(table);
    },
  };
}

export type Indexes = ReturnType<typeof openIndexes>;
