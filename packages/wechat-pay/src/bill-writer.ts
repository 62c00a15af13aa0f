/** The columns of a bill of type ALL (reference B.12). */
export const billColumns = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '特约商户号',
  '设备号',
  '微信订单号',
  '商户订单号',
  '用户标识',
  '交易类型',
  '交易状态',
  '付款银行',
  '货币种类',
  '应结订单金额',
  '代金券金额',
  '微信退款单号',
  '商户退款单号',
  '退款金额',
  '充值券退款金额',
  '退款类型',
  '退款状态',
  '商品名称',
  '商户数据包',
  '手续费',
  '费率',
  '订单金额',
  '申请退款金额',
  '费率备注',
] as const;

export const billSummaryColumns = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
] as const;

export type BillLine = Readonly<Partial<Record<(typeof billColumns)[number], string>>>;
export type BillSums = Readonly<Partial<Record<(typeof billSummaryColumns)[number], string>>>;

/** The platform's side: the text of a bill, with its byte order mark. Absent values are empty. */
export function writeBill(lines: readonly BillLine[], sums: BillSums): string {
  const quoted = (values: readonly (string | undefined)[]) => values.map((value) => `\`${value ?? ''}`).join(',');
  return `\uFEFF${[
    billColumns.join(','),
    ...lines.map((line) => quoted(billColumns.map((name) => line[name]))),
    billSummaryColumns.join(','),
    quoted(billSummaryColumns.map((name) => sums[name])),
  ].join('\n')}\n`;
}
