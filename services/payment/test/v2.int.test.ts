import { expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { cancelOrder, requestRefund } from './records.ts';
import { paymentSystem } from './system.ts';

jest.setTimeout(60_000);

test.each(['HMAC-SHA256', 'MD5'])(
  'with the older API (%s): ordered, paid, asked about, refunded over mutual TLS, closed',
  async (sign) => {
    await using system = await paymentSystem('v2', { env: { WECHAT_PAY_API: 'v2', WECHAT_PAY_V2_SIGN: sign } });
    await system.wechatPay.settings({ refundDelayMs: 100 });
    const outTradeNo = await system.ordered();
    expect(await system.get(`/orders/${outTradeNo}/payment`)).toMatchObject({ signType: sign });
    await system.pay(outTradeNo); // the notice is lost
    await system.hurry('query', outTradeNo);
    await system.has(outTradeNo, 'paid', ({ state, paidFen }) => state === 'paid' && paidFen === 8800);
    await system.publish(
      requestRefund(outTradeNo, `${outTradeNo}-1`, 800),
      requestRefund(outTradeNo, `${outTradeNo}-2`),
    );
    await until(async () => {
      await system.rows(`update task set due_at = now() where kind = 'query_refund'`);
      return (await system.order(outTradeNo)).refundedFen === 8800;
    }, 'it is refunded');
    expect(await system.ledger(outTradeNo)).toEqual({ sales: -8800, sales_returns: 8800 });
    const other = await system.ordered();
    await system.publish(cancelOrder(other));
    await until(async () => {
      await system.rows(`update task set due_at = now() where kind = 'close' and attempts > 0`);
      return (await system.order(other)).state === 'closed';
    }, 'it is closed');
  },
);
