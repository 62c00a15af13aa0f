import { codeOf } from '@lingquan/errors';
import type { System } from '../system.ts';
import { eachRow, freeze, openReader, readStand, thaw } from './databases.ts';

/** An order as payment keeps it, in fen. */
export type OrderRow = {
  outTradeNo: string;
  state: string;
  couponCode: string;
  couponState: string;
  discountFen: number;
  paidFen: number;
  refundedFen: number;
  transactionId: string;
};

export type LedgerSum = { outTradeNo: string; heldFen: number };
export type UnbalancedBooking = { id: string; fen: number };
export type IncidentRow = { kind: string; outTradeNo: string };

export type PaymentReader = NonNullable<Awaited<ReturnType<typeof openPaymentStore>>>;

type Stored = Record<keyof OrderRow, string>;

/** payment's store, to read; undefined in a system without payment. */
export async function openPaymentStore(system: System) {
  const client = await openReader(system, 'payment').catch((error: unknown) => {
    if (codeOf(error) === 'not_found') return undefined;
    throw error;
  });
  if (client === undefined) return undefined;
  return {
    stand: () => readStand(client, 'select count(*) from task where due_at <= now()'),
    freeze: () => freeze(client),
    thaw: () => thaw(client),
    orders: (take: (row: OrderRow) => void) =>
      eachRow(
        client,
        {
          text: `select out_trade_no as "outTradeNo", state, coupon_code as "couponCode", coupon_state as "couponState",
                   discount_fen as "discountFen", paid_fen as "paidFen", refunded_fen as "refundedFen",
                   coalesce(transaction_id, '') as "transactionId"
                 from merchant_order where out_trade_no > $1 order by out_trade_no`,
          first: '',
          keyOf: ({ outTradeNo }: Stored) => outTradeNo,
        },
        (row) => take(orderOf(row)),
      ),
    /** Orders that are not paid here, of those given. */
    unpaidAmong: async (outTradeNos: string[]): Promise<string[]> => {
      const { rows } = await client.query<{ n: string }>(
        `select n from unnest($1::text[]) n left join merchant_order o on o.out_trade_no = n
         where o.state is distinct from 'paid'`,
        [outTradeNos],
      );
      return rows.map(({ n }) => n);
    },
    /** Transactions of the ledger that do not sum to zero. */
    unbalanced: async (): Promise<UnbalancedBooking[]> => {
      const { rows } = await client.query<{ id: string; fen: string }>(
        'select transaction_id as id, sum(fen) as fen from ledger_entry group by transaction_id having sum(fen) <> 0',
      );
      return rows.map(({ id, fen }) => ({ id, fen: Number(fen) }));
    },
    /** How many transactions there are, and what all entries come to. */
    ledger: async (): Promise<{ transactions: number; sumFen: number }> => {
      const { rows } = await client.query<{ transactions: string; fen: string }>(
        'select count(distinct transaction_id) as transactions, coalesce(sum(fen), 0) as fen from ledger_entry',
      );
      return { transactions: Number(rows[0]!.transactions), sumFen: Number(rows[0]!.fen) };
    },
    /** What WeChat Pay holds for us of each order, by the ledger. */
    held: async (): Promise<LedgerSum[]> => {
      const { rows } = await client.query<{ n: string; fen: string }>(
        `select out_trade_no as n, coalesce(sum(fen) filter (where account = 'wechat_pay'), 0) as fen
         from ledger_entry group by out_trade_no`,
      );
      return rows.map(({ n, fen }) => ({ outTradeNo: n, heldFen: Number(fen) }));
    },
    /** Everything a person was or is called for. */
    incidents: async (): Promise<IncidentRow[]> => {
      const { rows } = await client.query<IncidentRow>('select kind, out_trade_no as "outTradeNo" from incident');
      return rows;
    },
    close: () => client.end(),
  };
}

const orderOf = ({ discountFen, paidFen, refundedFen, ...row }: Stored): OrderRow => ({
  ...row,
  discountFen: Number(discountFen),
  paidFen: Number(paidFen),
  refundedFen: Number(refundedFen),
});
