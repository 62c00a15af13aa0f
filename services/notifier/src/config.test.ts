import { expect, test } from '@jest/globals';
import { config } from './config.ts';

const account = { WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 'the-secret', WECHAT_TOKEN: 'token2026' };

test('without addresses it speaks to the platform itself and to the coupon issuer on this machine', () => {
  expect(config(account)).toMatchObject({
    port: 8083,
    host: '127.0.0.1',
    wechatApiUrl: 'https://api.weixin.qq.com',
    couponIssuerUrl: 'http://127.0.0.1:8081',
  });
  expect(config({ ...account, COUPON_ISSUER_PORT: '9081' }).couponIssuerUrl).toBe('http://127.0.0.1:9081');
  expect(config({ ...account, COUPON_ISSUER_URL: 'http://issuer/' }).couponIssuerUrl).toBe('http://issuer');
});

test('a wrong setting is named', () => {
  expect(() => config({ ...account, WECHAT_API_URL: 'api.weixin.qq.com' })).toThrow('WECHAT_API_URL: must be');
  expect(() => config({})).toThrow('WECHAT_APP_ID');
});
