import { expect, test } from '@jest/globals';
import { PayApi } from '@lingquan/events/payment.ts';
import { until } from '@lingquan/test-kit';
import { acknowledgement } from '@lingquan/wechat-pay';
import * as pay from '../pay.ts';
import { startIngress } from '../system.ts';
import { shop, noticeKeys, mchid, now, setClock, closing, certificatesOf, through, v3, v2 } from './desk.ts';
import type { Running } from './desk.ts';

/** The reference vectors, through the door. */
export function referenceVectors(): void {
  const certificates = new Map<string, Promise<Running>>();

  /** An ingress with the keys a vector trusts: public keys configured, certificates from payment. */
  function ingressFor({ trusted, apiv3_key, apiv3_key_literal }: pay.PayVector['input']): Promise<Running> {
    const names = Object.values(trusted);
    const id = `${names.join()} ${apiv3_key_literal ?? ''}`;
    const running = certificates.get(id) ?? begin();
    certificates.set(id, running);
    return running;

    async function begin() {
      const withCertificate = names.filter((name) => pay.rsaKey(name).cert_pem !== undefined);
      const before = shop.payment.asked.length;
      const answer = shop.payment.answer;
      shop.payment.answer = () => ({ json: { certificates: certificatesOf(withCertificate) } });
      const apiV3Key = apiv3_key_literal ?? pay.textKey(apiv3_key!);
      const one = await startIngress(shop, { noticeKeys: { ...noticeKeys, apiV3Key }, env: shop.settings, now });
      await until(() => shop.payment.asked.length > before, 'it asked for the certificates');
      shop.payment.answer = answer;
      closing.push(one);
      return one;
    }
  }

  test.each(pay.ofKind('v3_notify'))('$id: $note', async ({ input, expected }) => {
    const one = await ingressFor(input);
    setClock(input.now * 1000);
    const { status, body, fresh } = await through(() => v3({ body: input.body, headers: input.headers }, one));
    setClock(undefined);
    if (!expected.ok) {
      const undecryptable = expected.reason === 'decrypt_failed';
      expect([status, fresh]).toEqual([undecryptable ? 400 : 401, []]);
      expect(JSON.parse(body)).toEqual({ code: 'FAIL', message: expect.any(String) });
      return;
    }
    expect([status, body, fresh.length]).toEqual([204, '', 1]);
    const { id } = JSON.parse(input.body) as { id: string };
    const { key, envelope, notification } = fresh[0]!;
    expect(envelope).toMatchObject({ source: 'ingress', timeMs: input.now * 1000 });
    const { resource } = expected;
    if (notification.case === 'other') {
      expect([key, notification.value.notificationId, envelope.type]).toEqual([id, id, 'payment.other']);
      return;
    }
    expect(key).toBe(resource['out_trade_no']);
    expect(notification.value).toMatchObject({
      api: PayApi.V3,
      notificationId: id,
      mchid: resource['mchid'],
      outTradeNo: resource['out_trade_no'],
      transactionId: resource['transaction_id'],
      totalFen: BigInt((resource['amount'] as { total: number }).total),
    });
  });

  test.each(pay.ofKind('v2_verify_xml'))('$id: $note', async ({ input, expected }) => {
    const { status, body, fresh } = await through(() => v2(input.xml));
    if (expected.ack !== 'success_xml') {
      expect([status, fresh]).toEqual([401, []]);
      expect(body).toContain('FAIL');
      return;
    }
    expect([status, body]).toEqual([200, acknowledgement]);
    const { fields } = expected;
    expect(fresh).toMatchObject([
      {
        key: fields['out_trade_no'],
        envelope: { type: 'payment.transaction' },
        notification: {
          case: 'transaction',
          value: {
            api: PayApi.V2,
            notificationId: '',
            tradeState: 'SUCCESS',
            totalFen: BigInt(fields['total_fee']!),
            payerTotalFen: BigInt(fields['cash_fee']!),
            currency: 'CNY',
          },
        },
      },
    ]);
  });

  test.each(pay.ofKind('v2_refund_notify'))('$id', async ({ input, expected }) => {
    const apiV2Key = pay.textKey(input.api_key);
    const one = await startIngress(shop, {
      noticeKeys: { ...noticeKeys, apiV3Key: noticeKeys.apiV3Key, apiV2Key },
      env: shop.settings,
      now,
    });
    closing.push(one);
    const { status, body, fresh } = await through(() => v2(input.xml, '/pay/v2/refund-notify', one));
    expect([status, body]).toEqual([200, acknowledgement]);
    expect(fresh).toMatchObject([
      {
        key: expected.fields['out_trade_no'],
        envelope: { type: 'payment.refund' },
        notification: {
          case: 'refund',
          value: {
            api: PayApi.V2,
            mchid,
            outRefundNo: expected.fields['out_refund_no'],
            refundId: expected.fields['refund_id'],
            refundFen: BigInt(expected.fields['refund_fee']!),
          },
        },
      },
    ]);
  });
}
