import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { clientParameters, parseBill } from '@lingquan/wechat-pay';
import { bed, jsapi, refunds, byNumber, now, opened, today, refundOf } from './desk.ts';

/** One order from its making to the bill. */
export function wholeLife(): void {
  test('an order is made, paid by its parameters, noticed, queried, refunded, noticed again and in the bill', async () => {
    const { merchant, receiver } = bed;
    const made = await merchant.post(jsapi, bed.order('T20260101000001'));
    expect(made).toMatchObject({
      status: 200,
      signature: 'ok',
      json: { prepay_id: expect.stringMatching(/^wx\d{14}/) },
    });
    expect(made.headers['request-id']).toMatch(/^08[0-9A-F]+-0$/);

    const prepayId = String(made.json['prepay_id']);
    const payment = clientParameters(merchant.privateKey, {
      appid: merchant.appid,
      prepayId,
      timestamp: now(),
      nonce: 'n',
    });
    expect(await bed.pay({ payment: { ...payment, nonceStr: 'other' } })).toMatchObject({ error: 'invalid' });
    const { appId: _appId, ...ofMiniProgram } = payment;
    expect(await bed.pay({ payment: ofMiniProgram, couponFen: 100 })).toMatchObject({
      order: { state: 'SUCCESS', payerTotalFen: 8700 },
    });

    const [paid] = await receiver.first(1);
    expect(opened(paid!)).toMatchObject({
      ok: true,
      notification: {
        eventType: 'TRANSACTION.SUCCESS',
        originalType: 'transaction',
        content: {
          kind: 'transaction',
          transaction: { outTradeNo: 'T20260101000001', totalFen: 8800, payerTotalFen: 8700, attach: '门店=07' },
        },
      },
    });
    const queried = await merchant.get(byNumber('T20260101000001'));
    expect(queried).toMatchObject({
      status: 200,
      signature: 'ok',
      json: {
        trade_state: 'SUCCESS',
        amount: { total: 8800, payer_total: 8700, currency: 'CNY', payer_currency: 'CNY' },
        promotion_detail: [{ amount: 100, type: 'CASH' }],
      },
    });
    const transactionId = String(queried.json['transaction_id']);
    expect(transactionId).toMatch(/^4200\d{24}$/);
    expect((await merchant.get(`/v3/pay/transactions/id/${transactionId}?mchid=${merchant.mchid}`)).json).toEqual(
      queried.json,
    );

    const asked = await merchant.post(refunds, refundOf('T20260101000001', 'R1', 3000));
    expect(asked).toMatchObject({ status: 200, signature: 'ok', json: { status: 'PROCESSING', channel: 'ORIGINAL' } });
    const [, refunded] = await receiver.first(2);
    expect(opened(refunded!)).toMatchObject({
      notification: {
        eventType: 'REFUND.SUCCESS',
        resource: { refund_status: 'SUCCESS', mchid: merchant.mchid },
        content: { kind: 'refund', refund: { outRefundNo: 'R1', refundFen: 3000, totalFen: 8800, status: 'SUCCESS' } },
      },
    });
    expect((await merchant.get(`${refunds}/R1`)).json).toMatchObject({
      status: 'SUCCESS',
      refund_id: asked.json['refund_id'],
    });
    expect((await merchant.get(byNumber('T20260101000001'))).json).toMatchObject({ trade_state: 'REFUND' });

    await bed.control().post('/_sim/pay/bills', { date: today(), state: 'ready' });
    const bill = await merchant.get(`/v3/bill/tradebill?bill_date=${today()}&bill_type=ALL`);
    expect(bill).toMatchObject({ status: 200, signature: 'ok' });
    const address = new URL(String(bill.json['download_url']));
    expect(address.host).toBe(new URL(bed.url()).host);
    const file = await merchant.get(address.pathname + address.search);
    expect(file.headers['content-type']).not.toContain('json');
    expect(file.headers).not.toHaveProperty('wechatpay-signature');
    expect(createHash('sha1').update(file.body).digest('hex')).toBe(bill.json['hash_value']);
    const parsed = parseBill(file.body.toString());
    expect(parsed.summary).toMatchObject({ count: 2, totalFen: 8800, refundFen: 3000 });
  });
}
