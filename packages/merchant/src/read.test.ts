import { rmSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { certificateFor, folderWith, newKeyPair } from '../test/merchant-folder.ts';
import { readMerchant, readNoticeKeys } from './read.ts';

const pair = newKeyPair();
const platform = newKeyPair();
const v3Key = 'rzJa9ghHQRRBD7jWnT5ble88PeDV3kEQ';
const v2Key = 'EvrJwUFIxiY3N2MRQa3yK2VE7zgOLDyf';
const folders: string[] = [];
let files: Record<string, string>;

beforeAll(async () => {
  files = {
    'merchant.json': JSON.stringify({ appid: 'wx0123456789abcdef', mchid: '1900009999', openid: 'o1' }),
    'apiclient_key.pem': pair.privatePem,
    'apiclient_cert.pem': await certificateFor(pair.key, { serialNumber: '0abc01' }),
    'apiv3_key.txt': `${v3Key}\n`,
    'apiv2_key.txt': v2Key,
    'pub_key.pem': platform.publicPem,
    'pub_key_id.txt': 'PUB_KEY_ID_01\r\n',
  };
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function env(changed: Record<string, string | undefined> = {}, more: Record<string, string> = {}) {
  const folder = folderWith({ ...files, ...changed });
  folders.push(folder);
  return { WECHAT_PAY_DIR: folder, ...more };
}

test('reads a whole merchant', () => {
  const merchant = readMerchant(env())!;
  expect(merchant).toMatchObject({
    appid: 'wx0123456789abcdef',
    mchid: '1900009999',
    api: 'v3',
    v2Sign: 'HMAC-SHA256',
  });
  expect(merchant.serialNo).toBe('0ABC01');
  expect([merchant.apiV3Key, merchant.apiV2Key, merchant.publicKey?.id]).toEqual([v3Key, v2Key, 'PUB_KEY_ID_01']);
  expect(merchant.privateKey.type).toBe('private');
  expect(merchant.warnings).toEqual([]);
  expect(Object.isFrozen(merchant)).toBe(true);
});

test('without a folder there is no merchant', () => {
  expect(readMerchant({})).toBeUndefined();
  expect(readNoticeKeys({ WECHAT_PAY_DIR: '' })).toBeUndefined();
});

test('no secret shows in JSON, in print or in a copy', () => {
  const merchant = readMerchant(env())!;
  const shown = `${JSON.stringify(merchant)}${inspect(merchant, { depth: 9 })}${JSON.stringify({ ...merchant })}`;
  for (const secret of [v3Key, v2Key, 'PRIVATE KEY']) expect(shown).not.toContain(secret);
});

test('what ingress reads needs no private key and holds none', () => {
  const keys = readNoticeKeys(env({ 'apiclient_key.pem': undefined, 'apiclient_cert.pem': 'damaged' }))!;
  expect(keys.apiV3Key).toBe(v3Key);
  expect('privateKey' in keys).toBe(false);
});

test('every wrong file is named at once, without its content', () => {
  const broken = env({
    'merchant.json': '{"appid": 7}',
    'apiclient_key.pem': undefined,
    'apiclient_cert.pem': 'not a certificate',
    'apiv3_key.txt': `${v3Key}x`,
    'apiv2_key.txt': 'short',
    'pub_key.pem': '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    'pub_key_id.txt': undefined,
  });
  const read = () => readMerchant(broken);
  expect(read).toThrow(expect.objectContaining({ code: 'invalid' }));
  for (const name of Object.keys(files)) expect(read).toThrow(name);
  expect(read).not.toThrow(v3Key);
  expect(read).not.toThrow('AAAA');
});

test('an APIv3 key is 32 bytes, not 32 characters', () => {
  expect(() => readNoticeKeys(env({ 'apiv3_key.txt': `${v3Key.slice(1)}券` }))).toThrow('exactly 32 bytes');
});

test('a certificate of another key is refused', () => {
  expect(() => readMerchant(env({ 'apiclient_key.pem': platform.privatePem }))).toThrow('does not belong');
});

test('an expired certificate is refused, one that soon will be is told', () => {
  const day = 86_400_000;
  const given = env();
  const endsAtMs = readMerchant(given)!.certificateExpiresAtMs;
  expect(readMerchant(given, endsAtMs - 31 * day)!.warnings).toEqual([]);
  expect(readMerchant(given, endsAtMs - 30 * day)!.warnings).toEqual([{ kind: 'certificate_expires', daysLeft: 30 }]);
  expect(() => readMerchant(given, endsAtMs)).toThrow('expired');
});

test('settings are checked, and v2 needs its key', () => {
  expect(readMerchant(env({}, { WECHAT_PAY_API: 'v2', WECHAT_PAY_V2_SIGN: 'MD5' }))).toMatchObject({
    api: 'v2',
    v2Sign: 'MD5',
  });
  expect(() => readMerchant(env({}, { WECHAT_PAY_API: 'v4' }))).toThrow('WECHAT_PAY_API: must be v3 or v2');
  expect(() => readMerchant(env({ 'apiv2_key.txt': undefined }, { WECHAT_PAY_API: 'v2' }))).toThrow('apiv2_key.txt');
});

test('key and id of the platform come together', () => {
  expect(() => readNoticeKeys(env({ 'pub_key_id.txt': undefined }))).toThrow('pub_key_id.txt: is missing');
  const without = readNoticeKeys(env({ 'pub_key_id.txt': undefined, 'pub_key.pem': undefined }))!;
  expect(without.publicKey).toBeUndefined();
});
