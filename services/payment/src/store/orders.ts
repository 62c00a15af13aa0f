import { AppError } from '@lingquan/errors';
import { DatabaseError } from 'pg';
import type { PoolClient } from 'pg';
import type { CloseCause, CouponState, Order, OrderState } from '../domain/order.ts';
import { fenOf, instant, msOf } from './columns.ts';
import type { Queries } from './columns.ts';

type OrderRow = {
  out_trade_no: string;
  appid: string;
  openid: string;
  basket: Buffer;
  description: string;
  coupon_code: string;
  total_fen: string;
  discount_fen: string;
  line_fen: number[] | null;
  payable_fen: string | null;
  paid_fen: string;
  refunded_fen: string;
  state: OrderState;
  coupon_state: CouponState;
  pay_until: Date;
  created_at: Date;
  prepay_id: string | null;
  prepared_at: Date | null;
  transaction_id: string | null;
  paid_at: Date | null;
  close_cause: CloseCause | null;
  platform_code: string | null;
  unusable: Buffer | null;
  traceparent: string | null;
};

const fromRow = (row: OrderRow): Order => ({
  outTradeNo: row.out_trade_no,
  appid: row.appid,
  openid: row.openid,
  basket: row.basket,
  description: row.description,
  couponCode: row.coupon_code,
  totalFen: Number(row.total_fen),
  discountFen: Number(row.discount_fen),
  lineFen: row.line_fen ?? undefined,
  payableFen: fenOf(row.payable_fen),
  paidFen: Number(row.paid_fen),
  refundedFen: Number(row.refunded_fen),
  state: row.state,
  couponState: row.coupon_state,
  payUntilMs: row.pay_until.getTime(),
  createdAtMs: row.created_at.getTime(),
  prepayId: row.prepay_id ?? undefined,
  preparedAtMs: msOf(row.prepared_at),
  transactionId: row.transaction_id ?? undefined,
  paidAtMs: msOf(row.paid_at),
  closeCause: row.close_cause ?? undefined,
  platformCode: row.platform_code ?? undefined,
  unusable: row.unusable ?? undefined,
  traceparent: row.traceparent ?? undefined,
});

/** Locks these orders, in the order of their numbers, until the transaction ends. Refunds are locked with their order. */
export async function lockOrders(client: PoolClient, outTradeNos: string[]): Promise<Map<string, Order>> {
  const { rows } = await client.query<OrderRow>({
    name: 'order-lock',
    text: 'select * from merchant_order where out_trade_no = any($1::text[]) order by out_trade_no for no key update',
    values: [outTradeNos],
  });
  return new Map(rows.map((row) => [row.out_trade_no, fromRow(row)]));
}

/** These orders as they stand. */
export async function loadOrders(client: Queries, outTradeNos: string[]): Promise<Map<string, Order>> {
  const { rows } = await client.query<OrderRow>({
    name: 'order-load',
    text: 'select * from merchant_order where out_trade_no = any($1::text[])',
    values: [outTradeNos],
  });
  return new Map(rows.map((row) => [row.out_trade_no, fromRow(row)]));
}

/** Writes orders as they are now; what was ordered never changes. */
export async function saveOrders(client: PoolClient, orders: Order[]): Promise<void> {
  await client.query({
    name: 'order-save',
    text: `insert into merchant_order (out_trade_no, appid, openid, basket, description, coupon_code, total_fen, discount_fen, payable_fen,
             paid_fen, refunded_fen, state, coupon_state, pay_until, created_at, prepay_id, prepared_at, transaction_id, paid_at,
             close_cause, platform_code, unusable, traceparent, line_fen)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
             $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::text[],
             $17::timestamptz[], $18::text[], $19::timestamptz[], $20::text[], $21::text[], $22::bytea[], $23::text[], $24::jsonb[])
           on conflict (out_trade_no) do update set
             discount_fen = excluded.discount_fen, payable_fen = excluded.payable_fen, paid_fen = excluded.paid_fen,
             refunded_fen = excluded.refunded_fen, state = excluded.state, coupon_state = excluded.coupon_state,
             prepay_id = excluded.prepay_id, prepared_at = excluded.prepared_at, transaction_id = excluded.transaction_id,
             paid_at = excluded.paid_at, close_cause = excluded.close_cause, platform_code = excluded.platform_code,
             unusable = excluded.unusable, line_fen = excluded.line_fen`,
    values: [
      orders.map(({ outTradeNo }) => outTradeNo),
      orders.map(({ appid }) => appid),
      orders.map(({ openid }) => openid),
      orders.map(({ basket }) => Buffer.from(basket)),
      orders.map(({ description }) => description),
      orders.map(({ couponCode }) => couponCode),
      orders.map(({ totalFen }) => totalFen),
      orders.map(({ discountFen }) => discountFen),
      orders.map(({ payableFen }) => payableFen ?? null),
      orders.map(({ paidFen }) => paidFen),
      orders.map(({ refundedFen }) => refundedFen),
      orders.map(({ state }) => state),
      orders.map(({ couponState }) => couponState),
      orders.map(({ payUntilMs }) => instant(payUntilMs)),
      orders.map(({ createdAtMs }) => instant(createdAtMs)),
      orders.map(({ prepayId }) => prepayId ?? null),
      orders.map(({ preparedAtMs }) => instant(preparedAtMs)),
      orders.map(({ transactionId }) => transactionId ?? null),
      orders.map(({ paidAtMs }) => instant(paidAtMs)),
      orders.map(({ closeCause }) => closeCause ?? null),
      orders.map(({ platformCode }) => platformCode ?? null),
      orders.map(({ unusable }) => (unusable === undefined ? null : Buffer.from(unusable))),
      orders.map(({ traceparent }) => traceparent ?? null),
      orders.map(({ lineFen }) => (lineFen === undefined ? null : JSON.stringify(lineFen))),
    ],
  });
}

/**
 * What writing orders failed with. That another process gave a transaction_id to another order at this moment is a `conflict`: tried
 * again, that order is seen to have it.
 */
export const orderError = (error: unknown): unknown =>
  error instanceof DatabaseError && error.constraint === 'merchant_order_transaction_id_key'
    ? new AppError('conflict', 'another order was just paid with this transaction_id', { cause: error })
    : error;

/** Which orders have these transaction_ids: out_trade_no by transaction_id. */
export async function loadHolders(client: Queries, transactionIds: string[]): Promise<Map<string, string>> {
  if (transactionIds.length === 0) return new Map();
  const { rows } = await client.query<Pick<OrderRow, 'transaction_id' | 'out_trade_no'>>({
    name: 'order-holders',
    text: 'select transaction_id, out_trade_no from merchant_order where transaction_id = any($1::text[])',
    values: [transactionIds],
  });
  return new Map(rows.map((row) => [row.transaction_id!, row.out_trade_no]));
}

/** Where a page of a follower's orders ended. */
export type OrderCursor = { createdAtMs: number; outTradeNo: string };

/** A follower's orders, newest first, behind `after`. */
export async function listOrders(
  client: Queries,
  { appid, openid }: { appid: string; openid: string },
  after: OrderCursor | undefined,
  max: number,
): Promise<Order[]> {
  const { rows } = await client.query<OrderRow>({
    name: 'order-list',
    text: `select * from merchant_order where appid = $1 and openid = $2 and (created_at, out_trade_no) < ($3::timestamptz, $4::text)
           order by created_at desc, out_trade_no desc limit $5`,
    // Without a cursor: everything is before the end of time.
    values: [
      appid,
      openid,
      after === undefined ? 'infinity' : instant(after.createdAtMs),
      after?.outTradeNo ?? '',
      max,
    ],
  });
  return rows.map(fromRow);
}

/** Orders that were paid in [fromMs, untilMs). */
export async function listPaid(client: Queries, fromMs: number, untilMs: number): Promise<Order[]> {
  const { rows } = await client.query<OrderRow>({
    name: 'order-paid',
    text: 'select * from merchant_order where paid_at >= $1 and paid_at < $2 and transaction_id is not null',
    values: [instant(fromMs), instant(untilMs)],
  });
  return rows.map(fromRow);
}
