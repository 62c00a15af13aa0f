import { expect, test } from '@jest/globals';
import { bed, jsapi, byNumber } from './desk.ts';

/** How answers are signed, and what may be wrong with them on purpose. */
export function answers(): void {
  test('answers are signed with the key that is asked for, and a new certificate is published before it signs', async () => {
    const { merchant } = bed;
    const sim = bed.control();
    const serialOf = async (serial: string) => {
      const answer = await merchant.get(byNumber('T-none-1'), { serial });
      return [answer.signature, answer.headers['wechatpay-serial']];
    };
    const [first = ''] = await merchant.learnCertificates();
    expect(await serialOf(merchant.publicKeyId)).toEqual(['ok', merchant.publicKeyId]);
    expect(await serialOf(first)).toEqual(['ok', first]);
    expect(await serialOf('')).toEqual(['ok', first]);
    const { serialNo: second } = (await sim.post('/_sim/pay/keys/publish')) as { serialNo: string };
    expect(await serialOf('')).toEqual(['ok', first]);
    expect(await merchant.learnCertificates()).toEqual([first, second]);
    await sim.post('/_sim/pay/keys/switch');
    expect(await serialOf('')).toEqual(['ok', second]);
    expect((await sim.delete(`/_sim/pay/keys/${second}`)).status).toBe(409);
    expect((await sim.delete(`/_sim/pay/keys/${first}`)).status).toBe(204);
    expect(await merchant.learnCertificates()).toEqual([second]);
  });

  test('faults of answers: errors before and after the effect, nothing, no signature, a wrong one, a probe’s', async () => {
    const { merchant } = bed;
    const path = jsapi;
    const once = (fault: Record<string, unknown>) =>
      bed.fault({ on: 'pay', times: 1, path: '/v3/pay/transactions/*', ...fault });
    const orders = async () => (await bed.control().get('/_sim/pay/orders'))['total'];

    await once({ kind: 'error', code: 'SYSTEM_ERROR' });
    expect(await merchant.post(path, bed.order('T-fault-1'))).toMatchObject({
      status: 500,
      signature: 'ok',
      json: { code: 'SYSTEM_ERROR', message: expect.any(String) },
    });
    await once({ kind: 'error', code: 'FREQUENCY_LIMITED' });
    expect(await merchant.post(path, bed.order('T-fault-1'))).toMatchObject({ status: 429 });
    expect(await orders()).toBe(0);
    await once({ kind: 'error', code: 'SYSTEM_ERROR', when: 'after' });
    expect(await merchant.post(path, bed.order('T-fault-1'))).toMatchObject({ status: 500 });
    expect(await orders()).toBe(1);
    await once({ kind: 'lost' });
    await expect(merchant.post(path, bed.order('T-fault-2'))).rejects.toThrow('other side closed');
    expect(await orders()).toBe(1);
    await once({ kind: 'lost', when: 'after' });
    await expect(merchant.post(path, bed.order('T-fault-2'))).rejects.toThrow('other side closed');
    expect(await orders()).toBe(2);
    for (const [kind, signature] of [
      ['unsigned', 'missing_header'],
      ['bad-signature', 'signature_mismatch'],
      ['signtest', 'signtest_probe'],
    ]) {
      await once({ kind });
      expect(await merchant.post(path, bed.order('T-fault-3'))).toMatchObject({ status: 200, signature });
    }
    await once({ kind: 'http', status: 502 });
    expect(await merchant.post(path, bed.order('T-fault-4'))).toMatchObject({ status: 502, json: {} });
    expect(await bed.fault({ on: 'pay', kind: 'tampered' })).toMatchObject({ error: 'invalid' });
  });
}
