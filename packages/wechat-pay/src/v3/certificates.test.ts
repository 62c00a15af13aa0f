import { expect, test } from '@jest/globals';
import { keys } from '../../test/vectors.ts';
import { newestEffective, openCertificates, readCertificate, sealCertificates } from './certificates.ts';

const apiV3Key = 'rzJa9ghHQRRBD7jWnT5ble88PeDV3kEQ';
const older = readCertificate(keys['platform1']!.cert_pem!);
const newer = readCertificate(keys['platform2']!.cert_pem!);
const nonces = ['0123456789ab', '0123456789ac'];

test('what is sealed is opened, serials with or without leading zeros', () => {
  expect(openCertificates(apiV3Key, sealCertificates(apiV3Key, [older, newer], nonces))).toEqual([older, newer]);
  const padded = sealCertificates(apiV3Key, [{ ...older, serialNo: `00${older.serialNo}` }], nonces);
  expect(openCertificates(apiV3Key, padded)).toEqual([older]);
});

test('refuses another key, another serial, and what is no certificate', () => {
  const invalid = expect.objectContaining({ code: 'invalid' });
  const open =
    (body: string, key = apiV3Key) =>
    () =>
      openCertificates(key, body);
  expect(open(sealCertificates(apiV3Key, [older], nonces), 'x'.repeat(32))).toThrow(
    expect.objectContaining({ code: 'unauthorized' }),
  );
  expect(open(sealCertificates(apiV3Key, [{ ...older, serialNo: newer.serialNo }], nonces))).toThrow(invalid);
  expect(open(sealCertificates(apiV3Key, [{ ...older, pem: 'x' }], nonces))).toThrow(invalid);
  for (const body of ['', '{}', '{"data":{}}']) expect(open(body)).toThrow(invalid);
});

test('entries of another algorithm are left out', () => {
  expect(openCertificates(apiV3Key, '{"data":[null,{"encrypt_certificate":{"algorithm":"AEAD_SM4_GCM"}}]}')).toEqual(
    [],
  );
});

test('the newest in effect encrypts', () => {
  expect(newestEffective([newer, older], newer.effectiveAtMs)).toEqual(newer);
  expect(newestEffective([newer, older], newer.effectiveAtMs - 1)).toEqual(older);
  expect(newestEffective([older], older.expiresAtMs)).toBeUndefined();
});
