import { expect, test } from '@jest/globals';
import { readAnswer } from './answer.ts';
import { openPaymentNotice, openRefundNotice, sealRefundNotice } from './notice.ts';
import { readRefundsV2 } from './read.ts';
import { plainMessage, signedMessage } from './xml.ts';

const key = 'EvrJwUFIxiY3N2MRQa3yK2VE7zgOLDyf';
const notice = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: 'wx1',
  mch_id: '19',
  out_trade_no: 'T1',
  transaction_id: '42',
  total_fee: 8800,
  cash_fee: 8300,
  time_end: '20260101080005',
};

test('a payment notice becomes a transaction; what was paid is not the order amount', () => {
  const opened = openPaymentNotice(key, signedMessage(notice, key, 'HMAC-SHA256'));
  expect(opened).toMatchObject({
    ok: true,
    transaction: {
      tradeState: 'SUCCESS',
      totalFen: 8800,
      payerTotalFen: 8300,
      currency: 'CNY',
      successTimeMs: 1767225605000,
    },
  });
});

test.each([
  ['unsigned', plainMessage(notice), 'missing_sign'],
  ['a failure of transport', signedMessage({ ...notice, return_code: 'FAIL' }, key, 'MD5'), 'bad_body'],
  ['with an amount that is none', signedMessage({ ...notice, total_fee: '88.00' }, key, 'MD5'), 'bad_body'],
  ['with a time that is none', signedMessage({ ...notice, time_end: 'now' }, key, 'MD5'), 'bad_body'],
])('a payment notice %s is refused', (_, text, reason) => {
  expect(openPaymentNotice(key, text)).toEqual({ ok: false, reason });
});

const sealed = sealRefundNotice(key, {
  appid: 'wx1',
  mchid: '19',
  nonce: 'n',
  fields: { out_refund_no: 'R1', refund_status: 'REFUNDCLOSE', refund_fee: '3000', total_fee: '8800', mch_id: '66' },
});

test('a refund notice says the merchant outside, the refund inside, in the words of v3', () => {
  const opened = openRefundNotice(key, sealed);
  expect(opened).toMatchObject({ ok: true, appid: 'wx1', refund: { mchid: '19', status: 'CLOSED', refundFen: 3000 } });
  expect(openRefundNotice('x'.repeat(32), sealed)).toMatchObject({ ok: false });
});

test('a damaged notice is refused or read, never thrown', () => {
  const reasons = new Set<string>();
  for (let at = 0; at < sealed.length; at += 1) {
    const damaged = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    const opened = openRefundNotice(key, damaged);
    if (!opened.ok) reasons.add(opened.reason);
  }
  expect([...reasons].toSorted()).toEqual(['bad_body', 'decrypt_failed']);
});

test('refunds of a query, with coupons among their fields', () => {
  const refunds = readRefundsV2({
    out_trade_no: 'T1',
    total_fee: '8800',
    out_refund_no_0: 'R0',
    refund_fee_0: '100',
    refund_status_0: 'PROCESSING',
    coupon_refund_fee_0_1: '7',
    out_refund_no_1: 'R1',
    refund_fee_1: '200',
    refund_status_1: 'SUCCESS',
    refund_success_time_1: '2026-01-01 09:00:00',
  });
  expect(refunds).toMatchObject([
    { outRefundNo: 'R0', refundFen: 100, totalFen: 8800, status: 'PROCESSING', outTradeNo: 'T1' },
    { outRefundNo: 'R1', refundFen: 200, status: 'SUCCESS', successTimeMs: 1767229200000 },
  ]);
});

test('an answer is believed when it is signed and about us', () => {
  const sent = { appid: 'wx1', mchid: '19', outTradeNo: 'T1' };
  const answer = (more: object) => readAnswer(signedMessage({ ...notice, ...more }, key, 'MD5'), key, sent);
  expect(answer({})).toMatchObject({ kind: 'ok' });
  expect(answer({ mch_id: '20' })).toEqual({ kind: 'untrusted', why: 'not_ours' });
  expect(answer({ out_trade_no: 'T2' })).toEqual({ kind: 'untrusted', why: 'another_order' });
  expect(answer({ result_code: 'FAIL', err_code: 'ORDERPAID', err_code_des: 'x' })).toEqual({
    kind: 'refused',
    code: 'ORDERPAID',
    message: 'x',
    signed: true,
  });
  expect(readAnswer(plainMessage({ return_code: 'FAIL', return_msg: 'sign' }), key, sent)).toMatchObject({
    code: 'FAIL',
    signed: false,
  });
  expect(readAnswer('', key, sent)).toEqual({ kind: 'untrusted', why: 'bad_body' });
});
