import { expect, test } from '@jest/globals';
import { bed, refunds, opened, day, paidOrder, refundOf } from './desk.ts';

/** Refunds: their numbers, sums, ends. */
export function refundsOfOrders(): void {
  test('refunds: the same number once, never more than was paid, at most fifty, within a year', async () => {
    const { merchant } = bed;
    const sim = bed.control();
    await sim.post('/_sim/pay/settings', { refundDelayMs: null });
    await paidOrder('T-refund-1');
    const ask = async (outRefundNo: string, fen: number, total = 8800) => {
      const { status, json } = await merchant.post(refunds, refundOf('T-refund-1', outRefundNo, fen, total));
      return { status, code: json['code'], id: json['refund_id'], state: json['status'] };
    };
    const first = await ask('R1', 3000);
    expect(await ask('R1', 3000)).toEqual(first);
    expect(await ask('R1', 2000)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(await ask('R2', 3000, 9900)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(await ask('R2', 5801)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(await ask('R2', 5800)).toMatchObject({ status: 200, state: 'PROCESSING' });
    expect(await ask('R3', 1)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    await sim.post('/_sim/pay/refunds/R2', { outcome: 'closed' });
    expect(await ask('R3', 5800)).toMatchObject({ status: 200 });
    await sim.post('/_sim/pay/refunds/R1', { outcome: 'success' });
    expect(await sim.post('/_sim/pay/refunds/R1', { outcome: 'abnormal' })).toMatchObject({ error: 'conflict' });
    expect(await merchant.post(refunds, refundOf('T-none-1', 'R9', 1))).toMatchObject({
      status: 404,
      json: { code: 'RESOURCE_NOT_EXISTS' },
    });
    expect(await merchant.get(`${refunds}/R9`)).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } });

    await paidOrder('T-refund-2', 100);
    for (let index = 0; index < 50; index += 1)
      expect((await merchant.post(refunds, refundOf('T-refund-2', `S${index}`, 1, 100))).status).toBe(200);
    expect((await merchant.post(refunds, refundOf('T-refund-2', 'S50', 1, 100))).json).toMatchObject({
      code: 'INVALID_REQUEST',
    });

    await paidOrder('T-refund-3');
    await sim.shiftClock(366 * day);
    expect((await merchant.post(refunds, refundOf('T-refund-3', 'Q1', 1))).json).toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });

  test('a refund for which the merchant has no money is refused, and taken under the same number when there is', async () => {
    const { merchant } = bed;
    await paidOrder('T-poor-1');
    await bed.control().post('/_sim/pay/settings', { balanceFen: 2999 });
    expect(await merchant.post(refunds, refundOf('T-poor-1', 'R1', 3000))).toMatchObject({
      status: 403,
      json: { code: 'NOT_ENOUGH' },
    });
    await bed.control().post('/_sim/pay/settings', { balanceFen: 3000 });
    expect(await merchant.post(refunds, refundOf('T-poor-1', 'R1', 3000))).toMatchObject({ status: 200 });
  });

  test('an abnormal refund is noticed as such and may still succeed', async () => {
    const { merchant } = bed;
    await bed.control().post('/_sim/pay/settings', { refundOutcome: 'abnormal' });
    await paidOrder('T-abnormal-1');
    const { json } = await merchant.post(refunds, refundOf('T-abnormal-1', 'R1', 8800));
    const [, notice] = await bed.receiver.first(2);
    expect(opened(notice!)).toMatchObject({ notification: { eventType: 'REFUND.ABNORMAL' } });
    const again = await merchant.post(`${refunds}/${String(json['refund_id'])}/apply-abnormal-refund`, {
      out_refund_no: 'R1',
      type: 'MERCHANT_BANK_CARD',
    });
    expect(again).toMatchObject({ status: 200, signature: 'ok' });
    const [, , done] = await bed.receiver.first(3);
    expect(opened(done!)).toMatchObject({ notification: { eventType: 'REFUND.SUCCESS' } });
  });
}
