import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { getJson, postJson } from '../json.ts';
import type { System } from '../system.ts';

const fen = z.number();

const order = z.object({
  outTradeNo: z.string(),
  appid: z.string(),
  openid: z.string(),
  state: z.string(),
  lines: z.array(
    z.object({ sku: z.string(), name: z.string(), category: z.string(), unitPriceFen: fen, quantity: z.number() }),
  ),
  shop: z.string().nullish(),
  couponCode: z.string().nullable(),
  couponState: z.string().nullish(),
  totalFen: fen,
  discountFen: fen,
  payableFen: fen.nullable(),
  paidFen: fen,
  refundedFen: fen,
  createdAt: z.string(),
  payUntil: z.string(),
  paidAt: z.string().nullable(),
  closedCause: z.string().nullish(),
  transactionId: z.string().nullish(),
  refunds: z.array(
    z.object({
      outRefundNo: z.string(),
      refundFen: fen,
      state: z.string(),
      reason: z.string(),
      requestedAt: z.string(),
      succeededAt: z.string().nullable(),
    }),
  ),
});
/** An order as payment shows it. */
export type Order = z.output<typeof order>;

const incident = z.object({
  incidentId: z.string(),
  kind: z.string(),
  outTradeNo: z.string(),
  outRefundNo: z.string().nullish(),
  evidence: z.record(z.string(), z.unknown()),
  foundAt: z.string(),
  resolvedAt: z.string().nullable(),
  note: z.string().nullable(),
});
/** Something that needs a person. */
export type Incident = z.output<typeof incident>;

const reconciliation = z.object({
  date: z.string(),
  /** `done`, or why the bill could not be compared. */
  state: z.string(),
  matched: z.number(),
  differences: z.array(
    z.object({
      kind: z.string(),
      outTradeNo: z.string(),
      outRefundNo: z.string().optional(),
      ours: fen.nullable(),
      theirs: fen.nullable(),
    }),
  ),
});
export type Reconciliation = z.output<typeof reconciliation>;

const ledger = z.object({ accounts: z.record(z.string(), fen), sumFen: fen });

/** A bill is fetched and compared line by line. */
const RECONCILE_MS = 120_000;

/** payment's questions and answers over HTTP. Throws `unavailable` when the system has no payment; calls reject with it when payment does not answer. */
export function paymentClient({ paymentUrl: url }: System) {
  if (url === undefined)
    throw new AppError(
      'unavailable',
      '这个系统没有 payment（见 .env.example 的 WECHAT_PAY_DIR）· this system runs no payment (see WECHAT_PAY_DIR in .env.example)',
    );
  const get = <S extends z.ZodType>(path: string, schema: S) => getJson('payment', url + path, schema);
  return {
    /** Undefined when there is no such order. */
    order: (outTradeNo: string): Promise<Order | undefined> => get(`/orders/${encodeURIComponent(outTradeNo)}`, order),
    /** A follower's orders, the newest first. */
    orders: async (who: { appid: string; openid: string; limit: number; cursor?: string | undefined }) => {
      const { appid, openid, limit, cursor } = who;
      const query = new URLSearchParams({ appid, openid, limit: String(limit), ...(cursor && { cursor }) });
      const page = z.object({ items: z.array(order), next: z.string().nullable() });
      return (await get(`/orders?${query.toString()}`, page)) ?? { items: [], next: null };
    },
    incidents: async (state: 'open' | 'resolved', limit = 200): Promise<Incident[]> =>
      (await get(`/incidents?state=${state}&limit=${limit}`, z.object({ items: z.array(incident) })))?.items ?? [],
    ledger: async () => (await get('/ledger', ledger)) ?? { accounts: {}, sumFen: 0 },
    /** Compares the platform's bill of a day with the ledger. */
    reconcile: (date: string): Promise<Reconciliation> =>
      postJson('payment', `${url}/reconciliations/${encodeURIComponent(date)}`, reconciliation, {
        timeoutMs: RECONCILE_MS,
      }),
  };
}

/** The order; rejects with `not_found` when there is none. */
export async function requireOrder(system: System, outTradeNo: string): Promise<Order> {
  const found = await paymentClient(system).order(outTradeNo);
  if (found !== undefined) return found;
  throw new AppError('not_found', `没有这个订单 there is no order ${outTradeNo}`);
}
