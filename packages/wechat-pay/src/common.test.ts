import { expect, test } from '@jest/globals';
import { busifavorPage, busifavorPluginSign, openJumpCode } from './busifavor.ts';
import { fenOf, fenOfYuan, yuanOfFen } from './money.ts';
import { isOutRefundNo, isOutTradeNo } from './numbers.ts';
import { fitText } from './text.ts';
import { fromBeijing, fromRfc3339, toCompact, toRfc3339, toSpaced } from './time.ts';

const invalid = expect.objectContaining({ code: 'invalid' });

test('yuan are text, never floats', () => {
  for (const [yuan, fen] of [
    ['0.29', 29],
    ['88', 8800],
    ['-0.07', -7],
    ['1.10000', 110],
    ['0.00', 0],
    ['999999999.99', 99999999999],
  ] as const)
    expect(fenOfYuan(yuan)).toBe(fen);
  for (const text of ['', '.5', '1.', '1,000.00', '1e2', '+1', ' 1', '1.005', '９'])
    expect(() => fenOfYuan(text)).toThrow(invalid);
  for (const fen of [0, 5, 10, 100, -7, 8810]) expect(fenOfYuan(yuanOfFen(fen))).toBe(fen);
});

test('fen are whole, safe and not negative', () => {
  expect([fenOf('8800'), fenOf(1), fenOf(undefined), fenOf('')]).toEqual([8800, 1, 0, 0]);
  for (const value of ['-1', '1.0', -1, 0.5, Number.NaN, 2 ** 53, [], '9'.repeat(16)])
    expect(() => fenOf(value)).toThrow(invalid);
});

test('times are Beijing time both ways', () => {
  const ms = Date.parse('2025-12-31T16:00:05Z');
  expect([toRfc3339(ms), toCompact(ms), toSpaced(ms)]).toEqual([
    '2026-01-01T00:00:05+08:00',
    '20260101000005',
    '2026-01-01 00:00:05',
  ]);
  for (const text of ['2026-01-01T00:00:05+08:00', '2025-12-31T16:00:05Z', '2025-12-31T16:00:05.000Z'])
    expect(fromRfc3339(text)).toBe(ms);
  for (const text of ['20260101000005', '2026-01-01 00:00:05']) expect(fromBeijing(text)).toBe(ms);
  for (const text of ['', '2026-01-01', '2026-13-01T00:00:00Z', '2026-01-01 00:00:05'])
    expect(() => fromRfc3339(text)).toThrow(invalid);
  for (const text of ['', '2026010100000', '20261301000000', 'now']) expect(() => fromBeijing(text)).toThrow(invalid);
});

test('texts lose what the platform does not take, and are cut between characters', () => {
  expect(fitText('拿铁😀\u0007 & <b>', 127)).toBe('拿铁 & <b>');
  expect(fitText('优惠券', 8)).toBe('优惠');
  expect(fitText('\ud83d', 127)).toBe('');
  expect(Buffer.byteLength(fitText('é优'.repeat(100), 127))).toBeLessThanOrEqual(127);
});

test('numbers of orders and refunds', () => {
  expect(['T12345', 'a|b*c-_', 'x'.repeat(32)].every(isOutTradeNo)).toBe(true);
  expect(['T1234', 'x'.repeat(33), 'T12345\n', 'T 2345', 'T@2345', '订单号123'].some(isOutTradeNo)).toBe(false);
  expect(['R', 'a@b', 'x'.repeat(64)].every(isOutRefundNo)).toBe(true);
  expect(['', 'x'.repeat(65), 'R/1', 'R1\n'].some(isOutRefundNo)).toBe(false);
});

test('merchant coupons: a page, a plugin, a jump', () => {
  const key = 'EvrJwUFIxiY3N2MRQa3yK2VE7zgOLDyf';
  const issue = { stockId: '1212500000000001', outRequestNo: '190000999920260101H5001', couponCode: 'C0UP0N-75345199' };
  const page = new URL(busifavorPage(key, { mchid: '1900009999', openid: 'oTestOpenid_0001-abcdefghijkl', issue }));
  expect(page.searchParams.get('sign')).toBe('705EF97D2916CC521CC690D132C6BB3503FD0A006EA209F3752091351C736F21');
  expect(page.hash).toBe('#wechat_pay&wechat_redirect');
  const sign = busifavorPluginSign(key, '1900009999', [
    { stockId: '1212500000000001', outRequestNo: 'MP0001' },
    { stockId: '1212500000000002', outRequestNo: 'MP0002' },
  ]);
  expect(sign).toBe('35A6F56FCC3012704DDBE20EFF5C7B47186F89E168B4ABC929792CB4945F657F');
  expect(() => openJumpCode(key, 'nonce=1')).toThrow(invalid);
});
