import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { request } from 'undici';
import * as pay from '../pay.ts';
import { get } from '../wechat.ts';
import { ingress, through, v3, v2, apiV2Key, signed, refundNotice } from './desk.ts';

/** What is refused, how, and without an echo. */
export function refusedNotices(): void {
  const without = (name: string) => {
    const { body, headers } = pay.notice(pay.transaction());
    return { body, headers: Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name)) };
  };
  const seconds = () => Math.floor(Date.now() / 1000);

  test.each([
    ['no signature', () => without('Wechatpay-Signature')],
    ['no serial', () => without('Wechatpay-Serial')],
    ['no time', () => without('Wechatpay-Timestamp')],
    ['an old time', () => pay.notice(pay.transaction(), { timestamp: seconds() - 310 })],
    ['a time to come', () => pay.notice(pay.transaction(), { timestamp: seconds() + 310 })],
    [
      'a key nobody knows',
      () => pay.notice(pay.transaction(), { signer: { ...pay.signerOf('merchant'), serial: 'ABC' } }),
    ],
    [
      'the id of our key and another key',
      () =>
        pay.notice(pay.transaction(), {
          signer: { ...pay.signerOf('merchant'), serial: pay.rsaKey('wxpub').serial_no },
        }),
    ],
    [
      'another public key id',
      () => pay.notice(pay.transaction(), { signer: { ...pay.signerOf('wxpub'), serial: 'PUB_KEY_ID_9' } }),
    ],
    ['a changed body', () => ({ ...pay.notice(pay.transaction()), body: pay.notice(pay.transaction()).body })],
    [
      'a signature that is no base64',
      () => ({
        ...pay.notice(pay.transaction()),
        headers: { ...pay.notice(pay.transaction()).headers, 'Wechatpay-Signature': '%%%' },
      }),
    ],
  ])('401 for %s', async (_, telling) => {
    const { status, body, fresh } = await through(() => v3(telling()));
    expect([status, fresh]).toEqual([401, []]);
    expect(JSON.parse(body)).toMatchObject({ code: 'FAIL' });
  });

  test.each([
    ['a payment of another merchant', pay.transaction({ mchid: '1900000000' }), {}],
    ['no total', pay.transaction({ amount: { payer_total: 1, currency: 'CNY' } }), {}],
    ['a total as text', pay.transaction({ amount: { total: '88.00', currency: 'CNY' } }), {}],
    ['a negative total', pay.transaction({ amount: { total: -1, currency: 'CNY' } }), {}],
    ['half a fen', pay.transaction({ amount: { total: 1.5, currency: 'CNY' } }), {}],
    ['dollars', pay.transaction({ amount: { total: 1, currency: 'USD' } }), {}],
    ['no number', pay.transaction({ out_trade_no: undefined }), {}],
    ['no transaction', pay.transaction({ transaction_id: '' }), {}],
    [
      'a refund without its sum',
      pay.refund({ amount: { total: 8800 } }),
      { eventType: 'REFUND.SUCCESS', originalType: 'refund' },
    ],
    ['no id', pay.transaction(), { id: '' }],
  ])('400 for %s, rightly signed', async (_, resource, telling) => {
    const { status, body, fresh } = await through(() => v3(pay.notice(resource, telling)));
    expect([status, fresh]).toEqual([400, []]);
    expect(JSON.parse(body)).toEqual({ code: 'FAIL', message: expect.any(String) });
  });

  test('a notice of one door at another is refused', async () => {
    const { fresh, status } = await through(async () => {
      expect((await v2(signed(), '/pay/v2/refund-notify')).status).toBeGreaterThanOrEqual(400);
      expect((await v2(refundNotice(apiV2Key))).status).toBe(401);
      return v2(signed(), '/pay/v3/notify');
    });
    expect([status, fresh]).toEqual([401, []]);
  });

  test('SIGNTEST is refused and counted apart', async () => {
    const { body, headers } = pay.notice(pay.transaction());
    const probe = { ...headers, 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${headers['Wechatpay-Signature']}` };
    expect((await through(() => v3({ body, headers: probe }))).status).toBe(401);
    expect((await get(`${ingress.url}/metrics`)).body).toMatch(
      /pay_notices_total\{door="v3",result="signtest"\} [1-9]/,
    );
  });

  test('413 for more than 64 KiB, announced or not, and before it is sent', async () => {
    const big = Buffer.alloc(64 * 1024 + 1, 'x');
    for (const path of ['/pay/v3/notify', '/pay/v2/notify', '/pay/v2/refund-notify'])
      expect((await pay.tell(ingress.url + path, big)).status).toBe(413);
    async function* chunks() {
      for (let sent = 0; sent < 2 * big.length; sent += 8192) yield Buffer.alloc(8192, 'x');
    }
    const { statusCode, body } = await request(`${ingress.url}/pay/v3/notify`, {
      method: 'POST',
      body: Readable.from(chunks()),
    });
    await body.dump();
    expect(statusCode).toBe(413);
    const { port } = new URL(ingress.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('POST /pay/v3/notify HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n'),
      );
      socket.on('error', reject).on('data', (chunk) => {
        resolve(chunk.toString());
        socket.destroy();
      });
    });
    expect(answer).toContain('HTTP/1.1 413');
  });

  test('other methods and addresses', async () => {
    const { statusCode, headers, body } = await request(`${ingress.url}/pay/v3/notify`, { method: 'PUT' });
    await body.dump();
    expect([statusCode, headers['allow']]).toEqual([405, 'POST']);
    expect((await get(`${ingress.url}/pay/v2/notify`)).status).toBe(405);
    expect((await pay.tell(`${ingress.url}/pay/v4/notify`, '')).status).toBe(404);
  });

  test('a refusal echoes nothing of what came', async () => {
    const marker = 'm4rk3r';
    const answers = await Promise.all([
      v3({ body: marker, headers: { 'Wechatpay-Serial': marker, 'Wechatpay-Nonce': marker } }),
      v3(pay.notice({ [marker]: marker }, { id: marker })),
      v3(pay.notice(pay.transaction({ mchid: marker }))),
      v2(`<xml><${marker}>${marker}</${marker}></xml>`),
      v2(signed({ mch_id: marker })),
      pay.tell(`${ingress.url}/pay/${marker}`, marker),
    ]);
    for (const { status, body, headers } of answers) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body + JSON.stringify(headers)).not.toContain(marker);
    }
  });
}
