import type { PoolClient } from 'pg';
import type { CommandRefusal } from '../domain/command.ts';

export type CommandRow = { id: string; campaignId: string; refusal: CommandRefusal | undefined };

type Row = { id: string; campaign_id: string; refusal: CommandRefusal | null };

/** The commands among `ids` that were decided before. */
export async function loadCommands(client: Pick<PoolClient, 'query'>, ids: string[]): Promise<CommandRow[]> {
  const { rows } = await client.query<Row>({
    text: 'select id, campaign_id, refusal from command where id = any($1::uuid[])',
    values: [ids],
  });
  return rows.map((row) => ({ id: row.id, campaignId: row.campaign_id, refusal: row.refusal ?? undefined }));
}

export async function saveCommand(client: PoolClient, { id, campaignId, refusal }: CommandRow): Promise<void> {
  await client.query({
    text: 'insert into command (id, campaign_id, refusal) values ($1, $2, $3)',
    values: [id, campaignId, refusal ?? null],
  });
}
