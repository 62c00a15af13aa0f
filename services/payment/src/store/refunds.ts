import type { PoolClient } from 'pg';
import type { Refund, RefundState } from '../domain/refund.ts';
import { instant, msOf } from './columns.ts';
import type { Queries } from './columns.ts';

type RefundRow = {
  out_refund_no: string;
  out_trade_no: string;
  asked_fen: string;
  refund_fen: string;
  reason: string;
  state: RefundState;
  refund_id: string | null;
  why: string | null;
  requested_at: Date;
  ask_at: Date;
  accepted_at: Date | null;
  succeeded_at: Date | null;
};

const fromRow = (row: RefundRow): Refund => ({
  outRefundNo: row.out_refund_no,
  outTradeNo: row.out_trade_no,
  askedFen: Number(row.asked_fen),
  refundFen: Number(row.refund_fen),
  reason: row.reason,
  state: row.state,
  refundId: row.refund_id ?? undefined,
  why: row.why ?? undefined,
  requestedAtMs: row.requested_at.getTime(),
  askAtMs: row.ask_at.getTime(),
  acceptedAtMs: msOf(row.accepted_at),
  succeededAtMs: msOf(row.succeeded_at),
});

/** All refunds of these orders, and those of these numbers whatever their order; oldest first. */
export async function loadRefunds(client: Queries, outTradeNos: string[], outRefundNos: string[]): Promise<Refund[]> {
  const { rows } = await client.query<RefundRow>({
    name: 'refund-load',
    text: `select * from refund where out_trade_no = any($1::text[])
           union select * from refund where out_refund_no = any($2::text[])
           order by requested_at, out_refund_no`,
    values: [outTradeNos, outRefundNos],
  });
  return rows.map(fromRow);
}

/** Writes refunds as they are now; what was asked never changes. */
export async function saveRefunds(client: PoolClient, refunds: Refund[]): Promise<void> {
  await client.query({
    name: 'refund-save',
    text: `insert into refund (out_refund_no, out_trade_no, asked_fen, refund_fen, reason, state, refund_id, why, requested_at, ask_at,
             accepted_at, succeeded_at)
           select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
             $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
           on conflict (out_refund_no) do update set
             state = excluded.state, refund_id = excluded.refund_id, why = excluded.why, accepted_at = excluded.accepted_at,
             succeeded_at = excluded.succeeded_at`,
    values: [
      refunds.map(({ outRefundNo }) => outRefundNo),
      refunds.map(({ outTradeNo }) => outTradeNo),
      refunds.map(({ askedFen }) => askedFen),
      refunds.map(({ refundFen }) => refundFen),
      refunds.map(({ reason }) => reason),
      refunds.map(({ state }) => state),
      refunds.map(({ refundId }) => refundId ?? null),
      refunds.map(({ why }) => why ?? null),
      refunds.map(({ requestedAtMs }) => instant(requestedAtMs)),
      refunds.map(({ askAtMs }) => instant(askAtMs)),
      refunds.map(({ acceptedAtMs }) => instant(acceptedAtMs)),
      refunds.map(({ succeededAtMs }) => instant(succeededAtMs)),
    ],
  });
}

/** Refunds the platform took in [fromMs, untilMs). */
export async function listAccepted(client: Queries, fromMs: number, untilMs: number): Promise<Refund[]> {
  const { rows } = await client.query<RefundRow>({
    name: 'refund-accepted',
    text: 'select * from refund where accepted_at >= $1 and accepted_at < $2',
    values: [instant(fromMs), instant(untilMs)],
  });
  return rows.map(fromRow);
}
