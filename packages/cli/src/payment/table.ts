import { table, yuan } from '../table.ts';
import type { Incident, Order, Reconciliation } from './client.ts';

const money = (fen: number | null | undefined): string => (fen === null || fen === undefined ? '—' : yuan(fen));

/** Orders as a person reads them, one line each. */
export const orderTable = (orders: readonly Order[]): string =>
  table(
    ['订单 order', '状态 state', '合计 total', '优惠 off', '已付 paid', '已退 refunded', '券 coupon', '下单 created'],
    orders.map((one) => [
      one.outTradeNo,
      one.state + (one.closedCause ? ` (${one.closedCause})` : ''),
      yuan(one.totalFen),
      yuan(one.discountFen),
      yuan(one.paidFen),
      yuan(one.refundedFen),
      one.couponCode === null ? '' : `${one.couponCode} ${one.couponState ?? ''}`,
      one.createdAt,
    ]),
  );

/** One order with what was bought and given back. */
export const orderText = (order: Order): string =>
  [
    orderTable([order]),
    ...order.lines.map((one) => `  ${one.name} ×${one.quantity}  ${yuan(one.unitPriceFen * one.quantity)}`),
    order.paidAt === null
      ? `  支付截止 to be paid until ${order.payUntil}，应付 payable ${money(order.payableFen)}`
      : `  支付于 paid at ${order.paidAt}，交易 transaction ${order.transactionId ?? '—'}`,
    ...order.refunds.map((one) =>
      `  退款 refund ${one.outRefundNo}  ${yuan(one.refundFen)}  ${one.state}  ${one.reason}`.trimEnd(),
    ),
  ].join('\n');

export const incidentTable = (incidents: readonly Incident[]): string =>
  table(
    ['编号 id', '种类 kind', '订单 order', '发现 found', '证据 evidence', '备注 note'],
    incidents.map((one) => [
      one.incidentId,
      one.kind,
      one.outTradeNo,
      one.foundAt,
      Object.entries(one.evidence)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' '),
      one.note ?? '',
    ]),
  );

const kinds: Readonly<Record<string, string>> = {
  missing_here: '微信有，我们没有 paid there, not here',
  missing_there: '我们有，微信没有 paid here, not there',
  amount_differs: '金额不同 amounts differ',
  transaction_differs: '交易号不同 transactions differ',
  refund_missing_here: '退款：微信有，我们没有 refunded there, not here',
  refund_missing_there: '退款：我们有，微信没有 refunded here, not there',
  refund_amount_differs: '退款金额不同 refunds differ',
};

const states: Readonly<Record<string, string>> = {
  done: '已核对 compared',
  not_ready: '账单还没有出 the bill is not made yet (next day, 10:00 Beijing time)',
  unavailable: '现在拿不到账单 the bill cannot be had now',
};

export function reconciliationText({ date, state, matched, differences }: Reconciliation): string {
  const head = `${date} ${states[state] ?? state}，一致 matched ${matched}，差异 differences ${differences.length}`;
  if (differences.length === 0) return head;
  const rows = differences.map(({ kind, outTradeNo, outRefundNo = '', ours, theirs }) => [
    kinds[kind] ?? kind,
    outTradeNo,
    outRefundNo,
    money(ours),
    money(theirs),
  ]);
  return `${head}\n${table(['差异 difference', '订单 order', '退款 refund', '我们 ours', '微信 theirs'], rows)}`;
}

const accounts: Readonly<Record<string, string>> = {
  wechat_pay: '微信支付 at WeChat Pay',
  sales: '销售 sales',
  coupon_discount: '券优惠 coupon discounts',
  sales_returns: '销售退回 sales returns',
  refunds_payable: '应退 refunds payable',
};

/** Balances, debits positive; together they must come to nothing. */
export const ledgerText = ({
  accounts: balances,
  sumFen,
}: {
  accounts: Record<string, number>;
  sumFen: number;
}): string =>
  table(
    ['账户 account', '余额 balance'],
    [
      ...Object.entries(balances).map(([name, fen]) => [accounts[name] ?? name, yuan(fen)]),
      ['合计 sum', `${yuan(sumFen)} ${sumFen === 0 ? '✓' : '✗'}`],
    ],
  );
