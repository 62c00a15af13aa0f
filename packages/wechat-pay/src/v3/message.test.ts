import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { keyRing } from './keys.ts';
import { signMessage, verifyMessage, type Headers } from './message.ts';
import { authorization, parseAuthorization, verifyRequest } from './request.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ring = keyRing([
  ['0A1B', pair.publicKey],
  ['PUB_KEY_ID_01', other.publicKey],
]);
const body = Buffer.from('{"a": "券"}\n');
const now = 1767225600;
const sign = (serial = '0A1B', timestamp: string | number = now) =>
  signMessage({ serial, privateKey: pair.privateKey }, { timestamp, nonce: 'n1', body });
const verify = (headers: Headers, bytes: Buffer = body, at = now) => {
  const verdict = verifyMessage(ring, headers, bytes, at);
  return verdict.ok ? 'ok' : verdict.reason;
};

test('serials count as numbers: leading zeros and case do not matter', () => {
  for (const serial of ['0A1B', 'A1B', '0a1b', '000A1B']) expect(verify(sign(serial))).toBe('ok');
  expect(verify(sign('A1B0'))).toBe('unknown_serial');
});

test('the key named is the one tried, and no other', () => {
  expect(verify(sign('PUB_KEY_ID_01'))).toBe('signature_mismatch');
});

test('five minutes either way', () => {
  expect([verify(sign(), body, now + 300), verify(sign(), body, now - 300)]).toEqual(['ok', 'ok']);
  const late = [verify(sign(), body, now + 301), verify(sign(), body, now - 301)];
  expect(late).toEqual(['timestamp_out_of_range', 'timestamp_out_of_range']);
});

test('one header less, doubled or malformed is missing', () => {
  for (const name of ['Timestamp', 'Nonce', 'Serial', 'Signature'].map((end) => `Wechatpay-${end}`)) {
    expect(verify({ ...sign(), [name]: undefined })).toBe('missing_header');
    expect(verify({ ...sign(), [name]: '' })).toBe('missing_header');
    expect(verify({ ...sign(), [name]: [sign()[name]!, 'x'] })).toBe('missing_header');
  }
  for (const time of ['1767225600.0', '-1', '1e9', ' 1767225600', 'now', '0x69'])
    expect(verify(sign('0A1B', time))).toBe('missing_header');
  expect(verify({ ...sign(), 'Wechatpay-Signature-Type': 'WECHATPAY2-SM2-WITH-SM3' })).toBe('missing_header');
});

test('whatever else a signature is, it is only wrong', () => {
  for (const signature of ['x', '不是', 'AAAA', '====', `${sign()['Wechatpay-Signature']}A`, '\0'])
    expect(verify({ ...sign(), 'Wechatpay-Signature': signature })).toBe('signature_mismatch');
  expect(verify({ ...sign(), 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/不' })).toBe('signtest_probe');
});

test('every bit of body, time and nonce counts', () => {
  const changed = Buffer.from(body);
  changed[changed.length - 1]! ^= 1;
  expect(verify(sign(), changed)).toBe('signature_mismatch');
  expect(verify({ ...sign(), 'Wechatpay-Timestamp': String(now + 1) })).toBe('signature_mismatch');
  expect(verify({ ...sign(), 'Wechatpay-Nonce': 'n2' })).toBe('signature_mismatch');
});

const signer = { mchid: '19', serialNo: '0A1B', privateKey: pair.privateKey };
const request = { method: 'POST', url: '/v3/x?y=1', timestamp: now, nonce: 'n1', body: body.toString() };
const header = authorization(signer, request);
const received = { method: 'POST', url: '/v3/x?y=1', body, authorization: header };

test('the platform verifies a request in whatever order its parts come', () => {
  const [scheme, parts] = [header.slice(0, 25), header.slice(26).split(',')];
  const reordered = `${scheme} ${parts.toReversed().join(', ')}`;
  expect(verifyRequest(ring, { ...received, authorization: reordered }, now)).toMatchObject({ ok: true });
  expect(verifyRequest(ring, received, now)).toMatchObject({ ok: true, parts: { mchid: '19', serial_no: '0A1B' } });
});

test('the platform refuses what is not whole, not now, not from one it knows, or changed', () => {
  const reason = (more: Partial<typeof received>, at = now) => {
    const verdict = verifyRequest(ring, { ...received, ...more }, at);
    return verdict.ok ? 'ok' : verdict.reason;
  };
  expect(verifyRequest(ring, { ...received, authorization: undefined }, now)).toMatchObject({
    reason: 'missing_header',
  });
  expect(reason({ authorization: header.replace(',nonce_str="n1"', '') })).toBe('missing_header');
  expect(reason({ authorization: `${header},mchid="20"` })).toBe('missing_header');
  expect(reason({ authorization: header.replace('SHA256-RSA', 'SM2-') })).toBe('missing_header');
  expect(reason({}, now + 301)).toBe('timestamp_out_of_range');
  expect(reason({ authorization: header.replace('0A1B', 'FFFF') })).toBe('unknown_serial');
  for (const more of [{ method: 'GET' }, { url: '/v3/x?y=2' }, { body: Buffer.from('{}') }]) {
    expect(reason(more)).toBe('signature_mismatch');
  }
});

test('a header that is hostile is no header', () => {
  expect(parseAuthorization(`WECHATPAY2-SHA256-RSA2048 ${'a="",'.repeat(10_000)}`)).toBeUndefined();
  expect(parseAuthorization('WECHATPAY2-SHA256-RSA2048 __proto__="1"')).toBeUndefined();
});
