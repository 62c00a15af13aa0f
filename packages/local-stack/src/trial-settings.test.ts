import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { layoutOf } from './layout.ts';
import { exampleGoods, trialSettings } from './trial-settings.ts';

const layout = layoutOf(mkdtempSync(join(tmpdir(), 'trial-')));
afterAll(() => rmSync(layout.dir, { recursive: true }));

test('the simulator stands where the platform and WeChat Pay would be, with a merchant of its own that is kept', async () => {
  const settings = await trialSettings(layout, {
    SIMULATOR_PORT: '9090',
    SIMULATOR_TLS_PORT: '9091',
    PAYMENT_PORT: '82',
  });
  expect(settings).toMatchObject({
    WECHAT_API_URL: 'http://127.0.0.1:9090',
    WECHAT_PAY_URL: 'http://127.0.0.1:9090',
    WECHAT_PAY_V2_TLS_URL: 'https://127.0.0.1:9091',
    WECHAT_PAY_NOTIFY_URL: 'http://127.0.0.1:8080',
    PAYMENT_URL: 'http://127.0.0.1:82',
    WECHAT_PAY_DIR: join(layout.dir, 'wechat-pay'),
    WECHAT_PAY_PLATFORM_DIR: join(layout.dir, 'wechat-pay-platform'),
  });
  const file = join(settings['WECHAT_PAY_DIR']!, 'merchant.json');
  const merchant = JSON.parse(readFileSync(file, 'utf8')) as { appid: string };
  expect(merchant.appid).toBe(settings['WECHAT_APP_ID']);
  await trialSettings(layout, {});
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(merchant);
});

test("a merchant's folder that is given is his: nothing is made beside it", async () => {
  const other = layoutOf(join(layout.dir, 'other'));
  rmSync(other.dir, { recursive: true, force: true });
  const given = await trialSettings({ ...other, secretsFile: layout.secretsFile }, { WECHAT_PAY_DIR: '/mine' });
  expect(given).not.toHaveProperty('WECHAT_PAY_PLATFORM_DIR');
  expect(given).not.toHaveProperty('WECHAT_PAY_URL');
  expect(existsSync(other.dir)).toBe(false);
});

test('the goods of the example are a shop: numbers of their own, a category each, whole fen', () => {
  const goods = JSON.parse(readFileSync(exampleGoods, 'utf8')) as {
    sku: string;
    name: string;
    category: string;
    priceFen: number;
  }[];
  expect(goods.length).toBeGreaterThan(9);
  expect(new Set(goods.map(({ sku }) => sku)).size).toBe(goods.length);
  for (const { sku, name, category, priceFen } of goods) {
    expect(sku).toMatch(/^[a-z0-9-]{1,64}$/);
    expect(name.length * category.length).toBeGreaterThan(0);
    expect(Number.isSafeInteger(priceFen) && priceFen > 0).toBe(true);
  }
});
