import { expect, test } from '@jest/globals';
import { config } from './config.ts';

const account = { WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 'very-secret', WECHAT_TOKEN: 'token2026' };
const messageOf = (env: Record<string, string>): string => {
  try {
    config(env);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

test('everything but the account has a default', () => {
  expect(config(account)).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    maxAgeSeconds: 600,
    outcomeWaitMs: 4000,
    limits: { perHour: 50, perDay: 200 },
    perAddressPerMinute: undefined,
    allowedAddresses: [],
    language: 'zh',
    accounts: [{ appid: 'wx1', mode: 'plaintext', isDefault: true }],
    wechatApiUrl: 'https://api.weixin.qq.com',
    paymentUrl: 'http://127.0.0.1:8082',
    couponIssuerUrl: 'http://127.0.0.1:8081',
    payMs: 15 * 60_000,
    refundsByShoppers: 'granted',
    goods: { items: [] },
    tillToken: undefined,
    noticeKeys: undefined,
    writesPerMinute: 60,
    asksMax: 2000,
  });
});

test('lists of addresses may hold blanks', () => {
  expect(config({ ...account, TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
});

test('services are found by their port, or where they are said to be', () => {
  expect(config({ ...account, PAYMENT_PORT: '9082' }).paymentUrl).toBe('http://127.0.0.1:9082');
  expect(config({ ...account, PAYMENT_PORT: '9082', PAYMENT_URL: 'http://payment/' }).paymentUrl).toBe(
    'http://payment',
  );
});

test('without an account it says what to set', () => {
  expect(messageOf({})).toMatch(/WECHAT_APP_ID.*WECHAT_TOKEN/);
});

test.each([
  ['INGRESS_PORT', 'http'],
  ['WECHAT_MAX_AGE_SECONDS', '-1'],
  ['OUTCOME_WAIT_MS', '5000'],
  ['REFUNDS_BY_SHOPPERS', 'yes'],
  ['LIMIT_PER_HOUR', 'fifty'],
  ['ALLOWED_ADDRESSES', '10.0.0.0/64'],
  ['TRUSTED_PROXIES', 'nginx'],
  ['INGRESS_REPLY_PARTITION', '4'],
  ['KAFKA_BROKERS', 'kafka'],
  ['REPLY_LANGUAGE', 'fr'],
  ['TILL_TOKEN', 'short'],
  ['TILL_TOKEN', 'sixteen and blanks'],
  ['PAYMENT_URL', 'payment:8082'],
  ['PAYMENT_ORDER_MINUTES', '121'],
  ['GOODS_FILE', '/nowhere.json'],
  ['WECHAT_PAY_DIR', '/nowhere'],
])('%s=%s stops the start and is named, not shown', (name, value) => {
  const message = messageOf({ ...account, [name]: value });
  expect(message).toContain(name);
  expect(message).not.toContain('very-secret');
});
