import { expect, test } from '@jest/globals';
import { parseBill } from './bill.ts';
import { billColumns, writeBill } from './bill-writer.ts';

const invalid = expect.objectContaining({ code: 'invalid' });
const money = Object.fromEntries(billColumns.filter((name) => name.includes('金额')).map((name) => [name, '0.00']));
const pay = { ...money, 微信订单号: '42', 商户订单号: 'T1', 微信退款单号: '0', 商户退款单号: '0', 订单金额: '88.10' };

test('what is written is read; a name may hold commas and back-quotes', () => {
  const refund = { ...money, 微信退款单号: '503', 商户退款单号: 'R1', 退款金额: '0.07', 申请退款金额: '0.08' };
  const text = writeBill([{ ...pay, 商品名称: '拿铁, 大杯 `热`' }, refund], { 总交易单数: '2', 退款总金额: '0.07' });
  const bill = parseBill(text.replaceAll('\n', '\r\n'));
  expect(bill.rows).toMatchObject([
    { kind: 'pay', totalFen: 8810, refundId: '', outRefundNo: '' },
    { kind: 'refund', outRefundNo: 'R1', refundFen: 7, requestedRefundFen: 8 },
  ]);
  expect(bill.summary).toEqual({ count: 2, totalFen: 0, refundFen: 7 });
});

test('columns go by name: the old set, without what came later', () => {
  const text = [
    '交易时间,微信订单号,商户订单号,交易状态,总金额,微信退款单号,商户退款单号,退款金额,手续费',
    '`2016-01-01 08:00:00,`42,`T1,`SUCCESS,`1.5,`0,`0,`0.00,`0.00600',
    '总交易单数,总交易额,总退款金额',
    '`1,`1.50,`0.00',
  ].join('\n');
  expect(parseBill(text)).toMatchObject({
    columns: 9,
    rows: [{ totalFen: 150, settlementFen: 150, feeText: '0.00600', requestedRefundFen: 0 }],
    summary: { count: 1, totalFen: 150 },
  });
});

test('a day without rows', () => {
  expect(parseBill(writeBill([], { 总交易单数: '0' })).rows).toEqual([]);
});

test.each([
  ['nothing', ''],
  ['an error in XML', '<xml><return_code>FAIL</return_code></xml>'],
  ['a bill that was cut', writeBill([pay], { 总交易单数: '2' })],
  ['a bill without its summary', writeBill([pay], {}).split('总交易单数')[0]!],
  ['a row with a field less', writeBill([pay], { 总交易单数: '1' }).replace(',`T1', '')],
  ['money that is none', writeBill([{ ...pay, 订单金额: '1e3' }], { 总交易单数: '1' })],
  ['parts of a fen', writeBill([{ ...pay, 订单金额: '0.001' }], { 总交易单数: '1' })],
])('refuses %s', (_, text) => {
  expect(() => parseBill(text)).toThrow(invalid);
});
