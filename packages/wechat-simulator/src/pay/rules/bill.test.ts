import { expect, test } from '@jest/globals';
import { parseBill } from '@lingquan/wechat-pay';
import { fundFlowBill, tradeBill } from './bill.ts';
import type { Order } from './order.ts';
import type { Refund } from './refund.ts';

const at = (time: string) => Date.parse(`2026-01-01T${time}+08:00`);
const order = {
  appid: 'wx0123456789abcdef',
  outTradeNo: 'T20260101000001',
  transactionId: '4200002026010100000000000001',
  payer: 'oTestOpenid_0001-abcdefghijkl',
  tradeType: 'JSAPI',
  bankType: 'OTHERS',
  description: '示例门店-拿铁',
  attach: '门店=07',
  totalFen: 8800,
  couponFen: 0,
  paidAtMs: at('08:00:20'),
} as Order;
const refund = {
  refundId: '50300002026010100000000001',
  outRefundNo: 'R20260101000001',
  refundFen: 3000,
  state: 'SUCCESS',
  createdAtMs: at('09:00:00'),
  settledAtMs: at('09:00:05'),
} as Refund;
const trade = { mchid: '1900009999', orders: [order], refunds: [{ refund, order }] };
const lines = (text: string | undefined) => (text ?? '').split('\n');

test('the bill of ALL is the one of the reference, byte for byte', () => {
  // vector bill-all
  const head =
    '\uFEFF交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
  const common = '`4200002026010100000000000001,`T20260101000001,`oTestOpenid_0001-abcdefghijkl,`JSAPI';
  expect(lines(tradeBill('ALL', trade))).toEqual([
    head,
    `\`2026-01-01 08:00:20,\`wx0123456789abcdef,\`1900009999,\`0,\`,${common},\`SUCCESS,\`OTHERS,\`CNY,\`88.00,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`示例门店-拿铁,\`门店=07,\`0.53000,\`0.60%,\`88.00,\`0.00,\``,
    `\`2026-01-01 09:00:00,\`wx0123456789abcdef,\`1900009999,\`0,\`,${common},\`REFUND,\`OTHERS,\`CNY,\`0.00,\`0.00,\`50300002026010100000000001,\`R20260101000001,\`30.00,\`0.00,\`ORIGINAL,\`SUCCESS,\`示例门店-拿铁,\`门店=07,\`-0.18000,\`0.60%,\`0.00,\`30.00,\``,
    '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
    '`2,`88.00,`30.00,`0.00,`0.35000,`88.00,`30.00',
    '',
  ]);
});

test('each kind has its own columns and rows, and none where nothing happened', () => {
  const columns = (type: 'ALL' | 'SUCCESS' | 'REFUND') => lines(tradeBill(type, trade))[0]?.split(',').length;
  expect([columns('ALL'), columns('SUCCESS'), columns('REFUND')]).toEqual([27, 20, 29]);
  expect(parseBill(tradeBill('REFUND', trade) ?? '').summary).toMatchObject({ count: 1, refundFen: 3000 });
  expect(tradeBill('RECHARGE_REFUND', trade)).toBeUndefined();
  expect(tradeBill('ALL', { ...trade, orders: [], refunds: [] })).toBeUndefined();
});

test('a name with line breaks stays on its line, one with commas may keep them', () => {
  const odd = { ...order, description: '拿铁,大杯\n热' };
  const { rows } = parseBill(tradeBill('ALL', { ...trade, orders: [odd], refunds: [] }) ?? '');
  expect(rows).toHaveLength(1);
});

test('the fund flow is payment in, fee out, refund less its fee out', () => {
  const flow = lines(fundFlowBill('BASIC', trade));
  expect(flow.at(-2)).toBe('`3,`1,`88.00,`2,`30.35');
  expect(flow[3]).toContain('`29.82,`57.65'); // 30.00 less 0.18 of fee; 88.00 − 0.53 − 29.82
  expect(fundFlowBill('FEES', trade)).toBeUndefined();
});
