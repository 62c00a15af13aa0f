import { AppError } from '@lingquan/errors';
import { fenOfYuan } from './money.ts';

/** One line of a trade bill: a payment, or a refund with the numbers of its order. Money is fen; texts as the bill has them. */
export type BillRow = {
  kind: 'pay' | 'refund';
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  time: string;
  appid: string;
  mchid: string;
  openid: string;
  transactionId: string;
  outTradeNo: string;
  tradeState: string;
  /** '' and 0 in a payment's row, as the amounts of refunds are. */
  refundId: string;
  outRefundNo: string;
  refundStatus: string;
  refundFen: number;
  requestedRefundFen: number;
  /** The order's amount; 0 in a refund's row. In bills without 订单金额 the settlement amount stands for it. */
  totalFen: number;
  settlementFen: number;
  /** Yuan with up to five decimals. */
  feeText: string;
};

export type BillSummary = { count: number; totalFen: number; refundFen: number };
export type Bill = { columns: number; rows: BillRow[]; summary: BillSummary };

/**
 * Parses a trade bill of either API (reference B.12): a byte order mark or none, columns by their names (all known column sets),
 * rows whose fields start with a back-quote, then a header and a row of sums.
 * @throws AppError `invalid` when it is none, or when its rows are not as many as its summary says: a cut file
 */
export function parseBill(text: string): Bill {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const header = namesOf(lines[0] ?? '');
  const summaryAt = lines.findIndex((line, index) => index > 0 && !line.startsWith('`'));
  if (!header.includes('微信订单号') || summaryAt === -1 || lines.length !== summaryAt + 2) throw notABill();
  const columns = columnsOf(header);
  const rows = lines.slice(1, summaryAt).map((line) => rowOf(columns, valuesOf(line, header.length)));
  const summary = summaryOf(namesOf(lines[summaryAt]!), lines[summaryAt + 1]!);
  if (rows.length !== summary.count) throw notABill();
  return { columns: header.length, rows, summary };
}

const notABill = () => new AppError('invalid', 'Not a whole trade bill');

/** Summary headers are written with back-quotes in some bills. */
const namesOf = (line: string): string[] => line.split(',').map((name) => name.replace(/^`/, '').trim());

/** Finds values of a row by the names of their columns; '' for a column the bill does not have. */
type Columns = { has: (name: string) => boolean; text: (values: readonly string[], name: string) => string };

/** Made once for a header: a map for each of a hundred thousand rows would take most of the time. */
function columnsOf(header: readonly string[]): Columns {
  const at = new Map(header.map((name, index) => [name, index]));
  return { has: (name) => at.has(name), text: (values, name) => values[at.get(name) ?? -1] ?? '' };
}

/** Split where a back-quote follows the comma: names of goods may hold commas. */
function valuesOf(line: string, count: number): string[] {
  const values = line.slice(1).split(',`');
  if (!line.startsWith('`') || values.length !== count) throw notABill();
  return values;
}

function rowOf(columns: Columns, values: readonly string[]): BillRow {
  const text = (name: string) => columns.text(values, name).trimEnd();
  // What does not apply is written `0`.
  const number = (name: string) => (text(name) === '0' ? '' : text(name));
  const refundId = number('微信退款单号');
  const settlementFen = fenIn(columns, values, '应结订单金额', '总金额');
  const refundFen = fenIn(columns, values, '退款金额');
  return {
    kind: refundId === '' ? 'pay' : 'refund',
    time: text('交易时间'),
    appid: text('公众账号ID'),
    mchid: text('商户号'),
    openid: text('用户标识'),
    transactionId: text('微信订单号'),
    outTradeNo: text('商户订单号'),
    tradeState: text('交易状态'),
    refundId,
    outRefundNo: number('商户退款单号'),
    refundStatus: text('退款状态'),
    refundFen,
    requestedRefundFen: columns.has('申请退款金额') ? fenIn(columns, values, '申请退款金额') : refundFen,
    totalFen: columns.has('订单金额') ? fenIn(columns, values, '订单金额') : settlementFen,
    settlementFen,
    feeText: text('手续费'),
  };
}

function summaryOf(header: readonly string[], line: string): BillSummary {
  const columns = columnsOf(header);
  const values = valuesOf(line, header.length);
  const count = columns.text(values, '总交易单数').trimEnd();
  if (!/^\d{1,12}$/.test(count)) throw notABill();
  const settlementFen = fenIn(columns, values, '应结订单总金额', '总交易额');
  return {
    count: Number(count),
    totalFen: columns.has('订单总金额') ? fenIn(columns, values, '订单总金额') : settlementFen,
    refundFen: fenIn(columns, values, '退款总金额', '总退款金额'),
  };
}

/** The first of these columns that the bill has; 0 when it has none, or nothing in it. */
function fenIn(columns: Columns, values: readonly string[], ...names: readonly string[]): number {
  const name = names.find((known) => columns.has(known));
  const text = name === undefined ? '' : columns.text(values, name).trimEnd();
  return text === '' ? 0 : fenOfYuan(text);
}
