import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { keyRing } from './keys.ts';
import { signMessage } from './message.ts';
import { openNotification, sealNotification, type NotificationToSeal } from './notification.ts';
import { openResource, sealResource } from './resource.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ring = keyRing([['1', pair.publicKey]]);
const apiV3Key = 'rzJa9ghHQRRBD7jWnT5ble88PeDV3kEQ';
const now = 1767225600;

const notice: NotificationToSeal = {
  id: 'n-1',
  createTimeMs: now * 1000,
  eventType: 'TRANSACTION.SUCCESS',
  summary: '支付成功',
  originalType: 'transaction',
  nonce: '0123456789ab',
  resource: { mchid: '19', out_trade_no: 'T1', trade_state: 'SUCCESS', amount: { total: 8800, currency: 'CNY' } },
};

function receive(body: string) {
  const headers = signMessage({ serial: '1', privateKey: pair.privateKey }, { timestamp: now, nonce: 'n', body });
  return openNotification(ring, apiV3Key, { headers, body: Buffer.from(body) }, now);
}
const open = (more: Partial<NotificationToSeal>) => receive(sealNotification(apiV3Key, { ...notice, ...more }));

test('what the platform seals is opened as what it is', () => {
  expect(open({})).toMatchObject({
    ok: true,
    notification: {
      id: 'n-1',
      createTime: '2026-01-01T08:00:00+08:00',
      content: {
        kind: 'transaction',
        transaction: { totalFen: 8800, payerTotalFen: 8800, openid: '', successTimeMs: undefined },
      },
    },
  });
});

test('what it is about goes by event and by original type', () => {
  const kindOf = (eventType: string, originalType: string) => {
    const opened = open({ eventType, originalType });
    return opened.ok ? opened.notification.content.kind : opened.reason;
  };
  expect(kindOf('REFUND.CLOSED', 'refund')).toBe('refund');
  expect(kindOf('TRANSACTION.SUCCESS', '')).toBe('transaction');
  expect(kindOf('TRANSACTION.SUCCESS', 'coupon')).toBe('coupon');
  expect(kindOf('COUPON.SEND', '')).toBe('coupon');
  expect(kindOf('PAYSCORE.USER_OPEN_SERVICE', 'payscore')).toBe('other');
  expect(kindOf('TRANSACTION.SUCCESS', 'refund')).toBe('other');
});

test.each([
  ['is not JSON', 'x'],
  ['is a list', '[]'],
  ['is null', 'null'],
])('a body that %s is refused, though signed', (_, body) => {
  expect(receive(body)).toEqual({ ok: false, reason: 'bad_body' });
});

test('an amount that is none is refused', () => {
  for (const total of [-1, 0.5, '88.00', 2 ** 53, null, {}, true]) {
    const opened = open({ resource: { ...notice.resource, amount: { total } } });
    expect([total, opened.ok]).toEqual([total, total === null]);
  }
});

test('a sealed resource with a short, cut or changed tag does not open', () => {
  const nonce = '0123456789ab';
  const ciphertext = sealResource(apiV3Key, { nonce, associatedData: 'a', plaintext: 'text' });
  const bytes = Buffer.from(ciphertext, 'base64');
  const unauthorized = expect.objectContaining({ code: 'unauthorized' });
  const opening =
    (data: Buffer, more: object = {}) =>
    () =>
      openResource(apiV3Key, { ciphertext: data.toString('base64'), nonce, associated_data: 'a', ...more });
  expect(opening(bytes)()).toBe('text');
  for (let length = 0; length < bytes.length; length++)
    expect(opening(bytes.subarray(0, length))).toThrow(unauthorized);
  expect(opening(bytes, { associated_data: 'b' })).toThrow(unauthorized);
  expect(opening(bytes, { nonce: '0123456789a' })).toThrow(unauthorized);
  expect(opening(bytes, { nonce: '' })).toThrow(unauthorized);
  expect(opening(bytes, { ciphertext: '不' })).toThrow(unauthorized);
  expect(() => openResource('short', { ciphertext, nonce })).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test('damaged anywhere and signed all the same, it is refused or read, never thrown', () => {
  const body = sealNotification(apiV3Key, notice);
  const reasons = new Set<string>();
  for (let at = 0; at < body.length; at += 3) {
    const opened = receive(`${body.slice(0, at)}${body[at] === '0' ? '1' : '0'}${body.slice(at + 1)}`);
    if (!opened.ok) reasons.add(opened.reason);
  }
  expect([...reasons].toSorted()).toEqual(['bad_body', 'decrypt_failed']);
});
