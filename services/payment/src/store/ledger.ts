import { uuidOf } from '@lingquan/events';
import type { PoolClient } from 'pg';
import { accounts } from '../domain/ledger.ts';
import type { Account, Booking } from '../domain/ledger.ts';
import { instant } from './columns.ts';
import type { Queries } from './columns.ts';

export type Booked = Booking & { atMs: number };

/** The same thing about the same order or refund is the same transaction: booked twice it breaks the primary key. */
const transactionId = ({ kind, outTradeNo, outRefundNo }: Booking): string =>
  uuidOf('ledger', kind, outTradeNo, outRefundNo ?? '');

/** Books these transactions, all entries in one statement: the database checks that each sums to zero. */
export async function book(client: PoolClient, bookings: Booked[]): Promise<void> {
  const rows = bookings.flatMap((booking) =>
    booking.entries.map((entry) => ({ ...booking, ...entry, id: transactionId(booking) })),
  );
  await client.query({
    name: 'ledger-book',
    text: `insert into ledger_entry (transaction_id, account, fen, kind, out_trade_no, out_refund_no, at)
           select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])`,
    values: [
      rows.map(({ id }) => id),
      rows.map(({ account }) => account),
      rows.map(({ fen }) => fen),
      rows.map(({ kind }) => kind),
      rows.map(({ outTradeNo }) => outTradeNo),
      rows.map(({ outRefundNo }) => outRefundNo ?? null),
      rows.map(({ atMs }) => instant(atMs)),
    ],
  });
}

/** What every account comes to, in fen. */
export async function loadBalances(client: Queries): Promise<Record<Account, number>> {
  const { rows } = await client.query<{ account: Account; fen: string }>(
    'select account, sum(fen) as fen from ledger_entry group by account',
  );
  const found = new Map(rows.map(({ account, fen }) => [account, Number(fen)]));
  return Object.fromEntries(accounts.map((account) => [account, found.get(account) ?? 0])) as Record<Account, number>;
}
