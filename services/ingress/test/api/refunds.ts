import { expect, test } from '@jest/globals';
import { RefundRefusalReason } from '@lingquan/events/payment.ts';
import { noticeKeys } from '../pay.ts';
import { send } from '../shop.ts';
import { startIngress } from '../system.ts';
import { accounts, shop, post, login, newKey, basket } from './desk.ts';

/** A shopper asks for money back. */
export function refunds(): void {
  test('with refunds off a shopper is told whom to ask, and nothing is commanded', async () => {
    const token = await login('o-no-refund');
    const { json } = await post('/api/orders', basket, { token, key: newKey() });
    expect(json.order.refundsBy).toBe('shopper');
    const env = { ...shop.settings, REFUNDS_BY_SHOPPERS: 'off' };
    const strict = await startIngress(shop, { accounts, noticeKeys, env });
    try {
      const url = `${strict.url}/api/orders/${json.order.outTradeNo as string}`;
      // Told before anybody asks, so that a client offers no button.
      expect((await send('GET', url, undefined, { token })).json.refundsBy).toBe('shop');
      const answer = await send('POST', `${url}/refunds`, {}, { token, key: newKey() });
      expect(answer).toMatchObject({
        status: 403,
        json: { error: 'refunds_off', message: expect.stringContaining('·') },
      });
      expect(shop.commanded.filter(({ command }) => command.case === 'requestRefund')).toEqual([]);
    } finally {
      await strict.stop();
    }
  });

  test('a refund: asked for once under one key, refused in words', async () => {
    const [token, key] = [await login('o-refund'), newKey()];
    const { json } = await post('/api/orders', basket, { token, key: newKey() });
    const path = `/api/orders/${json.order.outTradeNo as string}/refunds`;
    shop.decide = ({ command }) => {
      if (command.case !== 'requestRefund') return undefined;
      const { outTradeNo, outRefundNo, refundFen } = command.value;
      const outcome =
        refundFen > 5900n
          ? ({ case: 'refused', value: { reason: RefundRefusalReason.TOO_MUCH, leftFen: 5900n } } as const)
          : ({ case: 'taken', value: { refundFen: refundFen || 5900n } } as const);
      return { case: 'refund', value: { outTradeNo, outRefundNo, outcome } };
    };
    const first = await post(path, { refundFen: 100, reason: '不要了' }, { token, key });
    expect(first).toMatchObject({ status: 202, json: { refund: { refundFen: 100, state: 'requested' } } });
    expect((await post(path, { refundFen: 100, reason: '不要了' }, { token, key })).json).toEqual(first.json);
    expect(await post(path, { refundFen: 6000 }, { token, key: newKey() })).toMatchObject({
      status: 409,
      json: { error: 'refund_refused', reason: 'too_much', leftFen: 5900 },
    });
    expect(await post(path, {}, { token, key: newKey() })).toMatchObject({ json: { refund: { refundFen: 5900 } } });
    expect((await post(path, { refundFen: 0 }, { token, key: newKey() })).status).toBe(400);
    expect((await post(path, {}, { token })).json.error).toBe('idempotency_key_needed');
    shop.decide = () => undefined;
    expect(await post(path, {}, { token, key: newKey() })).toMatchObject({
      status: 202,
      json: { refund: { state: 'pending' } },
    });
  });
}
