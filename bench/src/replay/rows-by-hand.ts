import { Client } from 'pg';

const PER_ROUND = 8192;

const tables = {
  claim: ['event_id', 'campaign_id', 'appid', 'openid', 'decided_at', 'refusal', 'code'],
  coupon: [
    'code',
    'campaign_id',
    'serial',
    'appid',
    'openid',
    'cause_id',
    'claimed_at',
    'kind',
    'value_fen',
    'percent',
    'threshold_fen',
  ],
} as const;

/**
 * Writes the claims and coupons of a replay's store once more, into empty tables of the same make, in rounds of the same size: arrays
 * prepared beforehand, one transaction a round, nothing decided.
 */
export async function writeByHand(url: string, database: string): Promise<{ rows: number; perSecond: number }> {
  const address = new URL(url);
  address.pathname = `/${database}`;
  const client = new Client({ connectionString: address.href, options: '-c enable_seqscan=on -c jit=off' });
  await client.connect();
  try {
    let [rows, seconds] = [0, 0];
    for (const [table, columns] of Object.entries(tables)) {
      await client.query(`create unlogged table by_hand_${table} (like ${table} including all)`);
      const types = await typesOf(client, table, columns);
      await client.query('begin');
      await client.query(
        `declare every cursor for select ${columns.map((one) => `${one}::text`).join(', ')} from ${table}`,
      );
      const rounds: (string | null)[][][] = [];
      for (;;) {
        const { rows: page } = await client.query<(string | null)[]>({
          text: `fetch ${PER_ROUND} from every`,
          rowMode: 'array',
        });
        if (page.length === 0) break;
        rounds.push(columns.map((_, column) => page.map((row) => row[column]!)));
        rows += page.length;
      }
      await client.query('commit');
      const arrays = columns.map((_, n) => `$${n + 1}::${types[n]}[]`).join(', ');
      const startedAt = performance.now();
      for (const values of rounds) {
        await client.query('begin');
        await client.query({
          name: `by-hand-${table}`,
          text: `insert into by_hand_${table} (${columns.join(', ')}) select * from unnest(${arrays})`,
          values,
        });
        await client.query('commit');
      }
      seconds += (performance.now() - startedAt) / 1000;
    }
    return { rows, perSecond: rows / seconds };
  } finally {
    await client.end();
  }
}

async function typesOf(client: Client, table: string, columns: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ column_name: string; data_type: string }>(
    'select column_name, data_type from information_schema.columns where table_name = $1',
    [table],
  );
  return columns.map((column) => rows.find((row) => row.column_name === column)!.data_type);
}
