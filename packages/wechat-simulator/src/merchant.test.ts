import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { firstFollowerOf, keptMerchant } from './merchant.ts';

const appid = 'wx0000000000000001';
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'merchant-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('several that are first at once agree on one merchant, and later ones keep it', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => keptMerchant(dir, { appid })));
  const { merchantDir, platformDir } = all[0] ?? (await keptMerchant(dir, { appid }));
  const read = async (folder: string) =>
    Promise.all(
      (await readdir(folder)).toSorted().map(async (name) => [name, await readFile(join(folder, name), 'utf8')]),
    );
  const before = [await read(merchantDir), await read(platformDir)];
  await keptMerchant(dir, { appid });
  expect([await read(merchantDir), await read(platformDir)]).toEqual(before);
  expect((await readdir(dir)).toSorted()).toEqual(['wechat-pay', 'wechat-pay-platform']);
});

test('the files are what a client library wants', async () => {
  const { merchantDir, platformDir } = await keptMerchant(dir, { appid });
  const file = async (name: string) => readFile(join(merchantDir, name), 'utf8');
  const names = ['merchant.json', 'apiclient_key.pem', 'apiclient_cert.pem', 'apiv3_key.txt', 'apiv2_key.txt'];
  expect((await readdir(merchantDir)).toSorted()).toEqual(
    [...names, 'pub_key.pem', 'pub_key_id.txt', 'server.pem'].toSorted(),
  );
  expect(JSON.parse(await file('merchant.json'))).toEqual({
    appid,
    mchid: expect.stringMatching(/^1\d{9}$/),
    openid: firstFollowerOf(appid),
  });
  expect(await file('apiv3_key.txt')).toMatch(/^[0-9A-Za-z]{32}$/);
  expect(await file('apiv2_key.txt')).toMatch(/^[0-9A-Za-z]{32}$/);
  expect(await file('pub_key_id.txt')).toMatch(/^PUB_KEY_ID_0\d+$/);
  const merchant = new X509Certificate(await file('apiclient_cert.pem'));
  expect(await file('apiclient_key.pem')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(merchant.checkPrivateKey(createPrivateKey(await file('apiclient_key.pem')))).toBe(true);
  expect(merchant.serialNumber).toMatch(/^[1-7][0-9A-F]{39}$/);
  expect(createPublicKey(await file('pub_key.pem')).asymmetricKeyDetails?.modulusLength).toBe(2048);
  const server = new X509Certificate(await file('server.pem'));
  expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(server.checkHost('api.mch.weixin.qq.com')).toBe('api.mch.weixin.qq.com');
  for (const path of ['apiclient_key.pem', 'apiv3_key.txt', 'apiv2_key.txt'])
    expect((await stat(join(merchantDir, path))).mode & 0o777).toBe(0o600);
  for (const path of ['platform_key.pem', 'pub_key_private.pem', 'server_key.pem'])
    expect((await stat(join(platformDir, path))).mode & 0o777).toBe(0o600);
});

test('another account keeps the merchant, and a folder without its counterpart is refused', async () => {
  const { merchantDir, platformDir } = await keptMerchant(dir, { appid });
  const mchid = async () =>
    (JSON.parse(await readFile(join(merchantDir, 'merchant.json'), 'utf8')) as { mchid: string }).mchid;
  const before = await mchid();
  await keptMerchant(dir, { appid: 'wx0000000000000002', openid: 'oSomebody' });
  expect(await mchid()).toBe(before);
  expect(await readFile(join(merchantDir, 'merchant.json'), 'utf8')).toContain('oSomebody');
  await rm(platformDir, { recursive: true });
  await expect(keptMerchant(dir, { appid })).rejects.toMatchObject({ code: 'invalid' });
});
