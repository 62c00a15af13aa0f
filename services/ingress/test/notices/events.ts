import { timestampMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { uuidOf } from '@lingquan/events';
import * as pay from '../pay.ts';
import { through, v3 } from './desk.ts';

/** What of a notice is published, and under which id. */
export function publishedEvents(): void {
  test('a payment is published whole, and without what is nobody’s business', async () => {
    const { fresh } = await through(() => v3(pay.notice(pay.transaction(), { id: 'EV-opaque' })));
    const [one] = fresh;
    const id = uuidOf('payment-notice', 'v3', 'transaction', '4200002026010100000000000001', 'SUCCESS');
    expect(one!.envelope).toMatchObject({ id, type: 'payment.transaction' });
    expect(one!.notification.value).toMatchObject({
      notificationId: 'EV-opaque',
      openid: 'o-payer',
      tradeType: 'JSAPI',
      payerTotalFen: 8300n,
    });
    const { successTime } = one!.notification.value as { successTime: Parameters<typeof timestampMs>[0] };
    expect(timestampMs(successTime)).toBe(Date.parse('2026-01-01T00:00:20Z'));
    expect(one!.bytes.toString('latin1')).not.toContain('CMB_DEBIT');
  });

  test('a refund is published without the account that got the money', async () => {
    const told = pay.notice(pay.refund(), { eventType: 'REFUND.SUCCESS', originalType: 'refund' });
    const { status, fresh } = await through(() => v3(told));
    expect(status).toBe(204);
    expect(fresh[0]!.envelope.id).toBe(
      uuidOf('payment-notice', 'v3', 'refund', '50300002026010100000000001', 'SUCCESS'),
    );
    expect(fresh[0]!.notification.value).toMatchObject({ status: 'SUCCESS', refundFen: 3000n, totalFen: 8800n });
    expect(fresh[0]!.bytes.toString()).not.toContain('招商银行');
  });

  test('the same payment told twice, under other ids and signatures, is one event', async () => {
    const resource = pay.transaction({ transaction_id: '42doubled', out_trade_no: 'T-doubled' });
    const { fresh } = await through(async () => {
      await v3(pay.notice(resource));
      return v3(pay.notice(resource));
    });
    expect(fresh.map(({ envelope }) => envelope.id)).toEqual([fresh[0]!.envelope.id, fresh[0]!.envelope.id]);
  });

  test('another state of a payment, and another kind of notice, are other events', async () => {
    const tell = async (resource: Record<string, unknown>, telling = {}) => {
      const { fresh } = await through(() => v3(pay.notice(resource, telling)));
      return fresh[0]!.envelope.id;
    };
    const refunds = { eventType: 'REFUND.CLOSED', originalType: 'refund' };
    const ids = [
      await tell(pay.transaction({ transaction_id: '42states' })),
      await tell(pay.transaction({ transaction_id: '42states', trade_state: 'REFUND' })),
      await tell(pay.refund({ refund_id: '42states' }), refunds),
      await tell({}, { eventType: 'PRODUCT_COUPON.SEND', originalType: '', id: '42states' }),
    ];
    expect(new Set(ids).size).toBe(4);
  });
}
