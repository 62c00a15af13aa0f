import type { PoolClient } from 'pg';
import { tillKey } from '../domain/settle-life.ts';

type Till = { shop: string; cashier: string };

/**
 * When these tills asked for codes that do not exist, by `tillKey`. Right only for whoever holds the position of
 * coupon.commands, which has one partition.
 */
export async function loadGuesses(client: PoolClient, tills: Till[]): Promise<Map<string, number[]>> {
  if (tills.length === 0) return new Map();
  const { rows } = await client.query<Till & { wrong_at: Date[] }>({
    name: 'till-guesses',
    text: `select shop, cashier, wrong_at from till_guess
           where (shop, cashier) in (select * from unnest($1::text[], $2::text[]))`,
    values: [tills.map(({ shop }) => shop), tills.map(({ cashier }) => cashier)],
  });
  return new Map(rows.map((row) => [tillKey(row), row.wrong_at.map((at) => at.getTime())]));
}

/** Writes them anew; a till has few, so they go one array each, as text. */
export async function saveGuesses(client: PoolClient, guesses: [key: string, wrongAtMs: number[]][]): Promise<void> {
  if (guesses.length === 0) return;
  await client.query({
    name: 'till-guess-save',
    text: `insert into till_guess (shop, cashier, wrong_at)
           select shop, cashier, wrong_at::timestamptz[] from unnest($1::text[], $2::text[], $3::text[]) as n (shop, cashier, wrong_at)
           on conflict (shop, cashier) do update set wrong_at = excluded.wrong_at`,
    values: [
      guesses.map(([key]) => key.split('\n')[0]),
      guesses.map(([key]) => key.split('\n')[1]),
      guesses.map(([, wrongAtMs]) => `{${wrongAtMs.map((ms) => new Date(ms).toISOString()).join(',')}}`),
    ],
  });
}
