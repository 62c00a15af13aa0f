import type { PoolClient } from 'pg';

/** A command that wants an answer: where to, and (once there is one) which: lingquan.ingress.v1.Reply. */
export type Command = {
  id: string;
  outTradeNo: string;
  /** As the header `reply-to` says it. */
  replyTo: string | undefined;
  answer: Uint8Array | undefined;
};

type CommandRow = { id: string; out_trade_no: string; reply_to: string | null; answer: Buffer | null };

/** These commands if they are known, and every command about these orders that still waits. */
export async function loadCommands(client: PoolClient, ids: string[], outTradeNos: string[]): Promise<Command[]> {
  const { rows } = await client.query<CommandRow>({
    name: 'command-load',
    text: `select * from command where id = any($1::uuid[])
           union select * from command where out_trade_no = any($2::text[]) and answer is null`,
    values: [ids, outTradeNos],
  });
  return rows.map((row) => ({
    id: row.id,
    outTradeNo: row.out_trade_no,
    replyTo: row.reply_to ?? undefined,
    answer: row.answer ?? undefined,
  }));
}

export async function saveCommands(client: PoolClient, commands: Command[]): Promise<void> {
  await client.query({
    name: 'command-save',
    text: `insert into command (id, out_trade_no, reply_to, answer)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[])
           on conflict (id) do update set reply_to = excluded.reply_to, answer = excluded.answer`,
    values: [
      commands.map(({ id }) => id),
      commands.map(({ outTradeNo }) => outTradeNo),
      commands.map(({ replyTo }) => replyTo ?? null),
      commands.map(({ answer }) => (answer === undefined ? null : Buffer.from(answer))),
    ],
  });
}
