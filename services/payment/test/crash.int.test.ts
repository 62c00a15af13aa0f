import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { createOrder, requestRefund } from './records.ts';
import { paymentSystem } from './system.ts';

// Side by side, each with a system of its own: mostly they wait until the group gives up a killed member, 6 s.
jest.setTimeout(120_000);

/** Payment as a process of its own, as it runs in production. */
function launch(env: Record<string, string>) {
  const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
  const child = spawn(process.execPath, [bin], { env: { ...process.env, ...env }, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What a lease that is over looks like: the process that took the call is gone. */
const leaseOver = 'update task set due_at = now() where attempts > 0';

test.concurrent.each([
  ['prepay', '/v3/pay/transactions/jsapi'],
  ['refund', '/v3/refund/domestic/refunds'],
])(
  'killed between the call and its result (%s): made again with the same number, once in the end',
  async (kind, path) => {
    await using system = await paymentSystem(`kill-${kind}`);
    await system.wechatPay.settings({ refundDelayMs: 100 });
    const outTradeNo = kind === 'refund' ? await system.ordered() : system.newNumber();
    if (kind === 'refund') await system.paid(outTradeNo);
    await system.stopAll();
    await system.wechatPay.breakWith({ kind: 'slow', ms: 4000, path, times: 1 });
    const child = launch({ ...system.env, LOG_LEVEL: 'error' });
    try {
      if (kind === 'refund') await system.publish(requestRefund(outTradeNo, `${outTradeNo}-1`));
      else await system.publish(createOrder({ outTradeNo, openid: system.wechatPay.openid }));
      await until(async () => (await system.wechatPay.faults()) === 0, 'the call has reached WeChat Pay', 60_000);
    } finally {
      await child.kill();
    }
    await system.startAnother();
    await system.rows(leaseOver);
    if (kind === 'prepay') {
      await system.ready(outTradeNo);
      await system.paid(outTradeNo);
      expect(await system.ledger(outTradeNo)).toEqual({ wechat_pay: 8800, sales: -8800 });
      expect((await system.replies(outTradeNo)).length).toBe(1);
    } else {
      await until(async () => {
        await system.rows(`update task set due_at = now() where kind = 'query_refund'`);
        return (await system.order(outTradeNo)).refundedFen === 8800;
      }, 'it is refunded');
      expect((await system.wechatPay.order(outTradeNo)).refunds).toHaveLength(1);
      expect(await system.ledger(outTradeNo)).toEqual({ sales: -8800, sales_returns: 8800 });
    }
    const paid = (await system.events(outTradeNo)).filter(({ type }) => type === 'payment.order_paid');
    expect(paid).toHaveLength(1);
  },
);

test.concurrent('killed at any moment under load: every order paid there is paid here once, and the ledger is true', async () => {
  await using system = await paymentSystem('kill-load');
  await system.stopAll();
  const numbers = Array.from({ length: 60 }, () => system.newNumber());
  const ordered = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const child = launch({ ...system.env, LOG_LEVEL: 'error' });
    try {
      const some = numbers.slice(round * 15, round * 15 + 15);
      await system.publish(...some.map((outTradeNo) => createOrder({ outTradeNo, openid: system.wechatPay.openid })));
      for (const outTradeNo of some) ordered.add(outTradeNo);
      // Some of them have been prepared there: whoever can, pays; half of the notices are lost.
      await until(
        async () => {
          const prepared = await system.rows<{ out_trade_no: string }>(
            `select out_trade_no from merchant_order where prepay_id is not null and out_trade_no = any($1)`,
            [some],
          );
          return prepared.length > 5;
        },
        'some are prepared',
        60_000,
      );
    } finally {
      await child.kill();
    }
    const prepared = await system.rows<{ out_trade_no: string }>(
      `select out_trade_no from merchant_order where prepay_id is not null and state = 'unpaid'`,
    );
    for (const [place, { out_trade_no: outTradeNo }] of prepared.entries()) {
      await system.wechatPay.payByNumber(outTradeNo).catch(() => undefined); // paid in an earlier round
      if (place % 2 === 0) await system.publish(await system.paidNotice(outTradeNo));
    }
  }
  await system.startAnother();
  await until(
    async () => {
      await system.rows('update task set due_at = now() where attempts > 0');
      const open = await system.rows<{ n: string }>(
        'select count(*) as n from merchant_order where prepay_id is not null',
      );
      return Number(open[0]!.n) === numbers.length;
    },
    'all are prepared',
    60_000,
  );
  for (const outTradeNo of numbers) await system.wechatPay.payByNumber(outTradeNo).catch(() => undefined);
  await until(
    async () => {
      await system.rows(`update task set due_at = now() where kind = 'query'`);
      const [paid] = await system.rows<{ n: string }>(`select count(*) as n from merchant_order where state = 'paid'`);
      return Number(paid!.n) === numbers.length;
    },
    'all are paid',
    60_000,
  );
  const { accounts, sumFen } = await system.get<{ accounts: Record<string, number>; sumFen: number }>('/ledger');
  expect({ accounts, sumFen }).toMatchObject({ sumFen: 0, accounts: { wechat_pay: 60 * 8800, sales: -60 * 8800 } });
  await until(async () => (await system.rows('select 1 from outbox')).length === 0, 'everything is published');
  for (const outTradeNo of numbers.slice(0, 5)) {
    const ids = new Set(
      (await system.events(outTradeNo))
        .filter(({ type }) => type === 'payment.order_paid')
        .map(({ causeId }) => causeId),
    );
    expect(ids.size).toBe(1);
  }
});

test.concurrent('two of them share the work', async () => {
  await using system = await paymentSystem('two');
  await system.startAnother();
  const numbers = Array.from({ length: 40 }, () => system.newNumber());
  await system.publish(...numbers.map((outTradeNo) => createOrder({ outTradeNo, openid: system.wechatPay.openid })));
  for (const outTradeNo of numbers) await system.ready(outTradeNo);
  for (const outTradeNo of numbers) expect(await system.replies(outTradeNo)).toHaveLength(1);
  expect(await system.rows(`select 1 from task where kind = 'prepay'`)).toEqual([]);
});

test.concurrent('without the merchant folder it says what is missing', async () => {
  await using system = await paymentSystem('refuse');
  const child = spawn(process.execPath, [fileURLToPath(new URL('../src/bin.ts', import.meta.url))], {
    env: { ...process.env, ...system.env, WECHAT_PAY_DIR: '' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(2);
  expect(said).toContain('WECHAT_PAY_DIR');
});
