import { createPublicKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import * as pay from '../pay.ts';
import { startIngress } from '../system.ts';
import { shop, noticeKeys, closing, certificatesOf, through, v3, v2, signed } from './desk.ts';

/** Whose signature is believed, and what is missing for it. */
export function keysOfNotices(): void {
  test('certificates: 503 until payment has them, then taken; a new one is fetched', async () => {
    const { publicKey: _, ...inCertificateMode } = { ...noticeKeys, apiV3Key: noticeKeys.apiV3Key };
    shop.payment.answer = () => ({ status: 503, json: { error: 'unavailable' } });
    const one = await startIngress(shop, {
      noticeKeys: { ...inCertificateMode, publicKey: undefined },
      env: shop.settings,
    });
    closing.push(one);
    const tell = (name: string) =>
      v3(pay.notice(pay.transaction({ transaction_id: `42${name}` }), { signer: pay.signerOf(name) }), one);
    expect(await through(() => tell('platform1'))).toMatchObject({ status: 503, fresh: [] });
    shop.payment.answer = () => ({ json: { certificates: certificatesOf(['platform1']) } });
    await until(async () => (await tell('platform1')).status === 204, 'the certificates are there');
    const asked = shop.payment.asked.length;
    expect((await tell('platform2')).status).toBe(401); // asked a moment ago: it is unknown for now
    expect((await tell('platform1')).status).toBe(204);
    expect(shop.payment.asked.length).toBe(asked);
  }, 60_000);

  test('in public key mode nothing is asked of payment', async () => {
    shop.payment.answer = () => ({ status: 503, json: {} });
    const key = { id: 'PUB_KEY_ID_77', key: createPublicKey(pay.rsaKey('wxpub').public_pem!) };
    const { apiV3Key } = noticeKeys;
    const one = await startIngress(shop, {
      noticeKeys: { ...noticeKeys, apiV3Key, publicKey: key },
      env: shop.settings,
    });
    closing.push(one);
    const signer = { ...pay.signerOf('wxpub'), serial: key.id };
    expect((await v3(pay.notice(pay.transaction(), { signer }), one)).status).toBe(204);
  });

  test('without a merchant, or without the APIv2 key, 503: it comes again', async () => {
    const plain = await startIngress(shop, { env: shop.settings });
    const { apiV3Key } = noticeKeys;
    const onlyV3 = await startIngress(shop, {
      noticeKeys: { ...noticeKeys, apiV3Key, apiV2Key: undefined },
      env: shop.settings,
    });
    closing.push(plain, onlyV3);
    expect((await v3(pay.notice(pay.transaction()), plain)).status).toBe(503);
    expect((await v2(signed(), '/pay/v2/notify', onlyV3)).status).toBe(503);
    expect((await v3(pay.notice(pay.transaction()), onlyV3)).status).toBe(204);
  });
}
