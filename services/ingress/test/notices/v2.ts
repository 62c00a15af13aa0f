import { expect, test } from '@jest/globals';
import { uuidOf } from '@lingquan/events';
import { mchid, through, v2, apiV2Key, signed, refundNotice } from './desk.ts';

/** Notices of API v2: XML, and refunds that are sealed instead of signed. */
export function noticesOfV2(): void {
  test('v2: another merchant, no amount, no signature, a doubled field, a DTD', async () => {
    const statuses = [
      await v2(signed({ mch_id: '1900000000' })),
      await v2(signed({ total_fee: '' })),
      await v2(signed({ return_code: 'FAIL' })),
      await v2(signed().replace('<sign>', '<signature>').replace('</sign>', '</signature>')),
      await v2(signed().replace('</xml>', '<total_fee>1</total_fee></xml>')),
      await v2(`<!DOCTYPE x [<!ENTITY y "z">]>${signed()}`),
      await v2('{}'),
      await v2(''),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([400, 400, 400, 401, 400, 400, 400, 400]);
    for (const { body, headers } of statuses) {
      expect(body).toMatch(/^<xml>.*FAIL/);
      expect(headers['content-type']).toContain('text/xml');
    }
  });

  test('v2: words of a refund are told in those of v3, once', async () => {
    const { status, fresh } = await through(async () => {
      await v2(refundNotice(apiV2Key), '/pay/v2/refund-notify');
      return v2(refundNotice(apiV2Key), '/pay/v2/refund-notify');
    });
    expect(status).toBe(200);
    expect(fresh[0]!.notification.value).toMatchObject({ status: 'CLOSED', mchid, refundFen: 40n });
    expect(fresh[1]!.envelope.id).toBe(fresh[0]!.envelope.id);
    expect(fresh[0]!.envelope.id).toBe(uuidOf('payment-notice', 'v2', 'refund', '50v2', 'CLOSED'));
  });

  test('v2: a refund notice of another key or merchant is refused', async () => {
    const { fresh } = await through(async () => {
      expect((await v2(refundNotice('0'.repeat(32)), '/pay/v2/refund-notify')).status).toBeGreaterThanOrEqual(400);
      expect((await v2(refundNotice(apiV2Key, {}, '1900000000'), '/pay/v2/refund-notify')).status).toBe(400);
      return v2(refundNotice(apiV2Key, { refund_fee: '' }), '/pay/v2/refund-notify');
    });
    expect(fresh).toEqual([]);
  });
}
