import type { PoolClient } from 'pg';

/** What became of a command on a coupon. */
export type StoredAnswer = {
  id: string;
  /** As issued; as asked when no coupon has it. */
  code: string;
  /** An UnusableReason; 0 when it was done. */
  refusal: number;
  /** The answer as it was published; null when nobody is told. */
  content: Buffer | null;
};

/** The commands among `ids` that were decided before. */
export async function loadAnswers(client: Pick<PoolClient, 'query'>, ids: string[]): Promise<StoredAnswer[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query<StoredAnswer>({
    name: 'coupon-command-decided',
    text: 'select id, code, refusal, answer as content from coupon_command where id = any($1::uuid[])',
    values: [ids],
  });
  return rows;
}

export async function saveAnswers(client: PoolClient, answers: StoredAnswer[]): Promise<void> {
  if (answers.length === 0) return;
  await client.query({
    name: 'coupon-command-save',
    text: `insert into coupon_command (id, code, refusal, answer)
           select * from unnest($1::uuid[], $2::text[], $3::smallint[], $4::bytea[])`,
    values: [
      answers.map(({ id }) => id),
      answers.map(({ code }) => code),
      answers.map(({ refusal }) => refusal),
      answers.map(({ content }) => content),
    ],
  });
}
