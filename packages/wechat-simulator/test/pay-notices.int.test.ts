import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openNotification, openPaymentNotice } from '@lingquan/wechat-pay';
import { until } from '@lingquan/test-kit';
import { type PayTestbed, type ReceivedNotice, payTestbed } from './pay-desk.ts';

let bed: PayTestbed;
beforeAll(async () => {
  bed = await payTestbed();
});
afterAll(() => bed.stop());
beforeEach(() => bed.start());
afterEach(() => bed.stopPlatform());

type Notice = { id: string; state: string; nextAt: string | null; attempts: Record<string, unknown>[] };

const reasonOf = (notice: ReceivedNotice) => {
  const opened = openNotification(bed.merchant.keys(), bed.merchant.apiV3Key, notice, Math.floor(Date.now() / 1000));
  return opened.ok ? 'ok' : opened.reason;
};
const settle = (settings: object) => bed.control().post('/_sim/pay/settings', settings);
const notices = async (outTradeNo: string) =>
  (await bed.control().get(`/_sim/pay/notices?outTradeNo=${outTradeNo}`))['items'] as Notice[];
const state = (outTradeNo: string, wanted: string) =>
  until(async () => {
    const [notice] = await notices(outTradeNo);
    return notice?.state === wanted && notice;
  }, `the notice of ${outTradeNo} is ${wanted}`);

async function pay(outTradeNo: string, serial?: string): Promise<void> {
  const order = bed.order(outTradeNo);
  await bed.merchant.post('/v3/pay/transactions/jsapi', order, serial === undefined ? {} : { serial });
  await bed.pay({ outTradeNo });
}

test('a notice that is not acknowledged comes again, signed anew under the same id, until it is', async () => {
  bed.receiver.answer((_notice, count) => ({ status: count < 4 ? 500 : 200 }));
  await pay('T-repeat-1');
  const { attempts } = await state('T-repeat-1', 'delivered');
  expect(attempts.map(({ status }) => status)).toEqual([500, 500, 500, 200]);
  const received = await bed.receiver.first(4);
  expect(received.map(reasonOf)).toEqual(['ok', 'ok', 'ok', 'ok']);
  const idOf = ({ body }: ReceivedNotice) => (JSON.parse(body.toString()) as { id: string }).id;
  expect(new Set(received.map(idOf)).size).toBe(1);
  expect(new Set(received.map(({ headers }) => headers['wechatpay-signature'])).size).toBe(4);
});

test('after fifteen repeats it is given up', async () => {
  bed.receiver.answer(() => ({ status: 500 }));
  await settle({ noticeIntervalMs: 1 });
  await pay('T-never-1');
  expect((await state('T-never-1', 'given-up')).attempts).toHaveLength(16);
});

test('by its own schedule the second try waits fifteen seconds, a factor shortens it, and a hurry ends the wait', async () => {
  bed.receiver.answer((_notice, count) => ({ status: count < 2 ? 500 : 204 }));
  await settle({ noticeIntervalMs: null });
  await pay('T-schedule-1');
  const waiting = await until(async () => {
    const [notice] = await notices('T-schedule-1');
    return notice?.nextAt != null && notice;
  }, 'a first try');
  const clock = Date.parse(String((await bed.control().get('/_sim/clock'))['now']));
  const waitMs = Date.parse(String(waiting.nextAt)) - clock;
  expect(waitMs).toBeGreaterThan(5_000);
  expect(waitMs).toBeLessThanOrEqual(15_000);
  expect(await bed.control().post('/_sim/pay/notices/hurry')).toEqual({ hurried: 1 });
  await state('T-schedule-1', 'delivered');
});

test('v2 takes nothing but its XML as an acknowledgement', async () => {
  const answers = ['', 'SUCCESS', '{"code":"SUCCESS"}', '<xml><return_code>FAIL</return_code></xml>'];
  bed.receiver.answer((_notice, count) => ({
    status: 200,
    body: answers[count - 1] ?? '<xml><return_code>SUCCESS</return_code></xml>',
  }));
  await bed.merchant.v2('/pay/unifiedorder', bed.orderV2('T-ack-v2-1'));
  await bed.pay({ outTradeNo: 'T-ack-v2-1' });
  expect((await state('T-ack-v2-1', 'delivered')).attempts).toHaveLength(answers.length + 1);
});

test('an acknowledgement that takes too long is none', async () => {
  await bed.stopPlatform();
  await bed.start({ pushTimeoutMs: 2000 });
  await bed.fault({ on: 'notice', kind: 'slow', ms: 60_000, times: 1 });
  await pay('T-slow-1');
  const { attempts } = await state('T-slow-1', 'delivered');
  expect(attempts).toMatchObject([{ status: 0, error: 'timeout' }, { status: 204 }]);
});

test('notices go wrong on request: tampered, stale, of an unknown key, doubled, delayed, lost either way', async () => {
  for (const [kind, first] of [
    ['tampered', 'signature_mismatch'],
    ['stale', 'timestamp_out_of_range'],
    ['unknown-serial', 'unknown_serial'],
  ] as const) {
    bed.receiver.reset();
    bed.receiver.answer((notice) => ({ status: reasonOf(notice) === 'ok' ? 204 : 401 }));
    await bed.fault({ on: 'notice', kind, times: 1 });
    await pay(`T-${kind}`);
    expect((await state(`T-${kind}`, 'delivered')).attempts).toMatchObject([
      { status: 401, fault: kind },
      { status: 204 },
    ]);
    expect((await bed.receiver.first(2)).map(reasonOf)).toEqual([first, 'ok']);
  }
  const received = async (outTradeNo: string) => {
    const { attempts } = await state(outTradeNo, 'delivered');
    return { attempts: attempts.length, received: bed.receiver.received.length };
  };
  for (const [fault, expected] of [
    [{ kind: 'doubled' }, { attempts: 2, received: 2 }],
    [
      { kind: 'delayed', ms: 20 },
      { attempts: 1, received: 1 },
    ],
    [{ kind: 'lost' }, { attempts: 2, received: 1 }],
    [
      { kind: 'lost', when: 'after' },
      { attempts: 2, received: 2 },
    ],
    [{ kind: 'reset' }, { attempts: 2, received: 1 }],
  ] as const) {
    bed.receiver.reset();
    await bed.fault({ on: 'notice', times: 1, ...fault });
    const outTradeNo = `T-${fault.kind}-${'when' in fault ? fault.when : ''}`;
    await pay(outTradeNo);
    expect([fault, await received(outTradeNo)]).toEqual([fault, expected]);
  }
});

test('a dropped notice never comes: only a query finds the payment', async () => {
  await bed.fault({ on: 'notice', kind: 'dropped', of: 'transaction' });
  await pay('T-dropped-1');
  await state('T-dropped-1', 'given-up');
  expect(bed.receiver.received).toHaveLength(0);
  const path = `/v3/pay/transactions/out-trade-no/T-dropped-1?mchid=${bed.merchant.mchid}`;
  expect((await bed.merchant.get(path)).json).toMatchObject({ trade_state: 'SUCCESS' });
  // sent by hand it comes all the same
  await bed.control().delete('/_sim/faults');
  const [notice] = await notices('T-dropped-1');
  await bed.control().post(`/_sim/pay/notices/${notice?.id ?? ''}/send`);
  expect((await bed.receiver.first(1)).map(reasonOf)).toEqual(['ok']);
});

test('the order’s request decides which key signs its notices; a share for the public key overrules it', async () => {
  const { merchant } = bed;
  const [certificate = ''] = await merchant.learnCertificates();
  const serialOf = async (outTradeNo: string, serial?: string) => {
    await pay(outTradeNo, serial);
    return (await state(outTradeNo, 'delivered')).attempts[0]?.['serial'];
  };
  expect(await serialOf('T-serial-1')).toBe(merchant.publicKeyId);
  expect(await serialOf('T-serial-2', certificate)).toBe(certificate);
  expect(await serialOf('T-serial-3', '')).toBe(certificate);
  await settle({ publicKeyPercent: 100 });
  expect(await serialOf('T-serial-4', certificate)).toBe(merchant.publicKeyId);
  await settle({ publicKeyPercent: 0 });
  expect(await serialOf('T-serial-5')).toBe(certificate);
});

test('probes come before notices, and alone, and must be refused', async () => {
  bed.receiver.answer((notice) => ({ status: reasonOf(notice) === 'ok' ? 204 : 401 }));
  await settle({ probePercent: 100 });
  await pay('T-probe-1');
  expect((await state('T-probe-1', 'delivered')).attempts).toMatchObject([
    { status: 401, fault: 'signtest' },
    { status: 204 },
  ]);
  expect((await bed.receiver.first(2)).map(reasonOf)).toEqual(['signtest_probe', 'ok']);
  expect(await bed.control().post('/_sim/pay/probe', { outTradeNo: 'T-probe-1' })).toEqual({
    status: 401,
    refused: true,
  });
});

test('a tampered v2 notice does not verify, the next one does', async () => {
  await bed.fault({ on: 'notice', kind: 'tampered', times: 1 });
  bed.receiver.answer(({ body }) => {
    const opened = openPaymentNotice(bed.merchant.apiV2Key, body);
    return { status: 200, body: `<xml><return_code>${opened.ok ? 'SUCCESS' : 'FAIL'}</return_code></xml>` };
  });
  await bed.merchant.v2('/pay/unifiedorder', bed.orderV2('T-tamper-v2'));
  await bed.pay({ outTradeNo: 'T-tamper-v2' });
  expect((await state('T-tamper-v2', 'delivered')).attempts).toMatchObject([{ fault: 'tampered' }, { status: 200 }]);
});

test('what happens is told on the stream', async () => {
  const stream = await fetch(`${bed.url()}/_sim/stream`);
  let text = '';
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('"kind":"notice"') && text.includes('"state":"delivered"')) return;
    }
  })();
  await pay('T-stream-1');
  await reading;
  expect(text).toContain('event: pay');
  expect(text).toContain('"kind":"order"');
});
