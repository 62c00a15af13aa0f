import { toSpaced as spaced, yuanOfFen as yuan } from '@lingquan/wechat-pay';
import { feeFen } from './money.ts';
import type { Order } from './order.ts';
import { type Refund, cashPart } from './refund.ts';
import { dayMs } from './times.ts';

export const tradeBillTypes = ['ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND'] as const;
export type TradeBillType = (typeof tradeBillTypes)[number];
export const fundAccounts = ['BASIC', 'OPERATION', 'FEES'] as const;
export type FundAccount = (typeof fundAccounts)[number];

/** What was paid and what was asked back on the day of the bill. */
export interface DayOfTrade {
  readonly mchid: string;
  /** Paid that day. */
  readonly orders: readonly Order[];
  /** Accepted that day, with their orders; closed ones are left out, nothing came of them. */
  readonly refunds: readonly { readonly refund: Refund; readonly order: Order }[];
}

type Row = Readonly<Record<string, string>>;

const before = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '特约商户号',
  '设备号',
  '微信订单号',
  '商户订单号',
  '用户标识',
  '交易类型',
];
const middle = ['交易状态', '付款银行', '货币种类', '应结订单金额', '代金券金额'];
const refundTimes = ['退款申请时间', '退款成功时间'];
const refundColumns = ['微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态'];
const after = ['商品名称', '商户数据包', '手续费', '费率', '订单金额'];

/** The columns of each kind, in order (reference B.12). */
const columnsOf: Readonly<Record<TradeBillType, readonly string[]>> = {
  ALL: [...before, ...middle, ...refundColumns, ...after, '申请退款金额', '费率备注'],
  SUCCESS: [...before, ...middle, ...after, '费率备注'],
  REFUND: [...before, ...middle, ...refundTimes, ...refundColumns, ...after, '申请退款金额', '费率备注'],
  RECHARGE_REFUND: [...before, ...middle, ...refundTimes, ...refundColumns, ...after, '申请退款金额', '费率备注'],
};

const fee = (fen: number): string => `${yuan(fen)}000`;
const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

function common(mchid: string, order: Order): Row {
  return {
    公众账号ID: order.appid,
    商户号: mchid,
    特约商户号: '0',
    设备号: '',
    微信订单号: order.transactionId ?? '',
    商户订单号: order.outTradeNo,
    用户标识: order.payer ?? '',
    交易类型: order.tradeType,
    付款银行: order.bankType,
    货币种类: 'CNY',
    商品名称: oneLine(order.description),
    商户数据包: oneLine(order.attach),
    费率: '0.60%',
    费率备注: '',
  };
}

function payRow(mchid: string, order: Order): Row {
  return {
    ...common(mchid, order),
    交易时间: spaced(order.paidAtMs ?? 0),
    交易状态: 'SUCCESS',
    应结订单金额: yuan(order.totalFen),
    代金券金额: yuan(order.couponFen),
    微信退款单号: '0',
    商户退款单号: '0',
    退款金额: '0.00',
    充值券退款金额: '0.00',
    退款类型: '',
    退款状态: '',
    手续费: fee(feeFen(order.totalFen)),
    订单金额: yuan(order.totalFen),
    申请退款金额: '0.00',
  };
}

const refundStatus = { PROCESSING: 'PROCESSING', SUCCESS: 'SUCCESS', ABNORMAL: 'FAIL', CLOSED: 'FAIL' } as const;

function refundRow(mchid: string, refund: Refund, order: Order): Row {
  return {
    ...common(mchid, order),
    交易时间: spaced(refund.createdAtMs),
    交易状态: 'REFUND',
    应结订单金额: '0.00',
    代金券金额: '0.00',
    退款申请时间: spaced(refund.createdAtMs),
    退款成功时间: refund.state === 'SUCCESS' && refund.settledAtMs !== null ? spaced(refund.settledAtMs) : '',
    微信退款单号: refund.refundId,
    商户退款单号: refund.outRefundNo,
    退款金额: yuan(refund.refundFen),
    充值券退款金额: yuan(refund.refundFen - cashPart(order, refund.refundFen)),
    退款类型: 'ORIGINAL',
    退款状态: refundStatus[refund.state],
    手续费: fee(-feeFen(refund.refundFen)),
    订单金额: '0.00',
    申请退款金额: yuan(refund.refundFen),
  };
}

/** A mark that some files have; readers must cope (reference B.12). */
const byteOrderMark = '\uFEFF';
const marked = (values: readonly string[]): string => values.map((value) => `\`${value}`).join(',');
const sum = <T>(list: readonly T[], fen: (one: T) => number): number =>
  list.reduce((total, one) => total + fen(one), 0);

/** The trade bill of a day; undefined when nothing was traded (NO_STATEMENT_EXIST). Lines end with a line feed. */
export function tradeBill(type: TradeBillType, { mchid, orders, refunds }: DayOfTrade): string | undefined {
  const paid = type === 'REFUND' || type === 'RECHARGE_REFUND' ? [] : orders;
  const back = type === 'SUCCESS' || type === 'RECHARGE_REFUND' ? [] : refunds;
  const rows = [
    ...paid.map((order) => ({ at: order.paidAtMs ?? 0, row: payRow(mchid, order) })),
    ...back.map(({ refund, order }) => ({ at: refund.createdAtMs, row: refundRow(mchid, refund, order) })),
  ].toSorted((one, other) => one.at - other.at);
  if (rows.length === 0) return undefined;
  const columns = columnsOf[type];
  const totalFen = sum(paid, (order) => order.totalFen);
  const refundFen = sum(back, ({ refund }) => refund.refundFen);
  const couponFen = sum(back, ({ refund, order }) => refund.refundFen - cashPart(order, refund.refundFen));
  const fees = sum(paid, (order) => feeFen(order.totalFen)) - sum(back, ({ refund }) => feeFen(refund.refundFen));
  return [
    `${byteOrderMark}${columns.join(',')}`,
    ...rows.map(({ row }) => marked(columns.map((column) => row[column] ?? ''))),
    '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
    marked([
      String(rows.length),
      yuan(totalFen),
      yuan(refundFen),
      yuan(couponFen),
      fee(fees),
      yuan(totalFen),
      yuan(refundFen),
    ]),
    '',
  ].join('\n');
}

const flowColumns =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';

interface Flow {
  readonly at: number;
  readonly number: string;
  readonly name: string;
  readonly kind: string;
  /** What came in, or what went out where negative. */
  readonly fen: number;
  readonly voucher: string;
}

/** The fund-flow bill of a day: payments in, fees and refunds out; the other two accounts never move. Undefined when nothing moved. */
export function fundFlowBill(account: FundAccount, { orders, refunds }: DayOfTrade): string | undefined {
  if (account !== 'BASIC') return undefined;
  const flows: Flow[] = [];
  for (const order of orders) {
    const at = order.paidAtMs ?? 0;
    const number = order.transactionId ?? '';
    flows.push({ at, number, name: '交易', kind: '交易', fen: order.totalFen, voucher: order.outTradeNo });
    flows.push({
      at,
      number,
      name: '扣除交易手续费',
      kind: '扣除交易手续费',
      fen: -feeFen(order.totalFen),
      voucher: number,
    });
  }
  for (const { refund } of refunds) {
    const fen = -refund.refundFen + feeFen(refund.refundFen);
    flows.push({
      at: refund.createdAtMs,
      number: refund.refundId,
      name: '退款',
      kind: '退款',
      fen,
      voucher: refund.outRefundNo,
    });
  }
  const moved = flows.filter(({ fen }) => fen !== 0).toSorted((one, other) => one.at - other.at);
  if (moved.length === 0) return undefined;
  let balance = 0;
  const rows = moved.map(({ at, number, name, kind, fen, voucher }, index) => {
    balance += fen;
    const direction = fen > 0 ? '收入' : '支出';
    const flowNumber = `${number}${String(index).padStart(4, '0')}`;
    return marked([
      spaced(at),
      number,
      flowNumber,
      name,
      kind,
      direction,
      yuan(Math.abs(fen)),
      yuan(balance),
      'system',
      '',
      voucher,
    ]);
  });
  const income = moved.filter(({ fen }) => fen > 0);
  const spent = moved.filter(({ fen }) => fen < 0);
  return [
    `${byteOrderMark}${flowColumns}`,
    ...rows,
    '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
    marked([
      String(moved.length),
      String(income.length),
      yuan(sum(income, ({ fen }) => fen)),
      String(spent.length),
      yuan(-sum(spent, ({ fen }) => fen)),
    ]),
    '',
  ].join('\n');
}

const tenHoursMs = 10 * 3_600_000;
/** Three months (reference B.12). */
const keptMs = 92 * dayMs;

export type BillReadiness = 'ready' | 'creating' | 'gone' | 'future';

/** Whether the bill of the day that begins at `startMs` can be had: from 10:00 on the day after, for three months (reference B.12). */
export function readiness(startMs: number, now: number): BillReadiness {
  if (startMs > now) return 'future';
  if (now < startMs + dayMs + tenHoursMs) return 'creating';
  return now > startMs + keptMs ? 'gone' : 'ready';
}
