import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { generateSecrets, keptSecrets, requireSecrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
const real = { WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's', WECHAT_TOKEN: 't', COUPON_CODE_SECRET: 'c' };

test('generated secrets have the forms the platform gives them', () => {
  const secrets = generateSecrets();
  expect(secrets['WECHAT_APP_ID']).toMatch(/^wx[0-9a-f]{16}$/);
  expect(secrets['WECHAT_APP_SECRET']).toMatch(/^[0-9a-f]{32}$/);
  expect(secrets['WECHAT_ENCODING_AES_KEY']).toMatch(/^[A-Za-z0-9]{43}$/);
  expect(Buffer.from(`${secrets['WECHAT_ENCODING_AES_KEY']}=`, 'base64')).toHaveLength(32);
  expect(secrets['COUPON_CODE_SECRET']).toMatch(/^[0-9a-f]{64}$/);
  expect(generateSecrets()).not.toEqual(secrets);
});

test('they are made once and are the owner’s alone', () => {
  const file = join(folder, 'secrets.json');
  const first = keptSecrets(file);
  expect(keptSecrets(file)).toEqual(first);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file of an earlier version gets what came later, and keeps what it has', () => {
  const file = join(folder, 'earlier.json');
  const { TILL_TOKEN: _till, CLAIM_LOG_MASK_KEY: _mask, WEBHOOK_KEY: _hook, ...earlier } = generateSecrets();
  writeFileSync(file, JSON.stringify(earlier), { mode: 0o600 });
  const completed = keptSecrets(file);
  const hex = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(completed).toEqual({ ...earlier, TILL_TOKEN: hex, CLAIM_LOG_MASK_KEY: hex, WEBHOOK_KEY: hex });
  expect(new Set(Object.values(completed)).size).toBe(Object.keys(completed).length);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(completed);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  // A process that completes the same file at the same time comes to the same token.
  writeFileSync(file, JSON.stringify(earlier));
  expect(keptSecrets(file)).toEqual(completed);
  writeFileSync(file, JSON.stringify({ ...earlier, TILL_TOKEN: 'mine' }));
  expect(keptSecrets(file)['TILL_TOKEN']).toBe('mine');
});

test('a real account needs every setting, and each missing one is named', () => {
  expect(() => requireSecrets(real)).not.toThrow();
  for (const name of Object.keys(real)) expect(() => requireSecrets({ ...real, [name]: '' })).toThrow(name);
  expect(() => requireSecrets({ ...real, WECHAT_MODE: 'safe' })).toThrow('WECHAT_ENCODING_AES_KEY');
  expect(() => requireSecrets({ ...real, WECHAT_MODE: 'plaintext' })).not.toThrow();
});

test('accounts may come from a file alone; the secret of the codes may not be left out', () => {
  const fromFile = { WECHAT_ACCOUNTS_FILE: 'accounts.json', COUPON_CODE_SECRET: 'c' };
  expect(() => requireSecrets(fromFile)).not.toThrow();
  expect(() => requireSecrets({ ...fromFile, COUPON_CODE_SECRET: undefined })).toThrow('COUPON_CODE_SECRET');
});
