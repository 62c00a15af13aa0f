import { expect, test } from '@jest/globals';
import { loadConfig } from './config.ts';

const env = { WECHAT_APP_ID: 'wx0000000000000001', WECHAT_APP_SECRET: 'secret', WECHAT_TOKEN: 'token' };

test('without further settings it listens on 8090, pushes to ingress on this machine and waits as long as the platform', () => {
  expect(loadConfig(env)).toMatchObject({
    host: '127.0.0.1',
    port: 8090,
    pushTimeoutMs: 5000,
    claimLogUrl: 'http://127.0.0.1:8084',
    accounts: [{ appid: 'wx0000000000000001', mode: 'plaintext', pushUrl: 'http://127.0.0.1:8080/wx' }],
  });
});

test('pushes follow ingress wherever it is, and go where they are told to', () => {
  const pushUrl = (more: object) => loadConfig({ ...env, ...more }).accounts[0]?.pushUrl;
  expect(pushUrl({ INGRESS_PORT: '18080' })).toBe('http://127.0.0.1:18080/wx');
  expect(pushUrl({ INGRESS_URL: 'http://ingress:8080' })).toBe('http://ingress:8080/wx');
  expect(pushUrl({ SIMULATOR_PUSH_URL: 'http://elsewhere/callback/' })).toBe('http://elsewhere/callback');
});

test('an account that is given no id of its own gets one, the same each time', () => {
  const id = () => loadConfig(env).accounts[0]?.originalId;
  expect(id()).toMatch(/^gh_[0-9a-f]{12}$/);
  expect(id()).toBe(id());
});

test('addresses may be of either family, and those WeChat calls back from also ranges', () => {
  const { host, ipAllowList, callbackIps } = loadConfig({
    ...env,
    HOST: '::1',
    SIMULATOR_IP_ALLOW_LIST: '10.0.0.1, ::1',
    SIMULATOR_CALLBACK_IPS: '101.226.103.0/25,fd00::/8',
  });
  expect([host, ipAllowList, callbackIps]).toEqual(['::1', ['10.0.0.1', '::1'], ['101.226.103.0/25', 'fd00::/8']]);
});

test('a wrong setting is named', () => {
  for (const wrong of [
    { SIMULATOR_PORT: 'many' },
    { HOST: 'not a host' },
    { HOST: '-1' },
    { SIMULATOR_IP_ALLOW_LIST: '10.0.0.0/8' }, // an account's white list has single addresses
    { SIMULATOR_CALLBACK_IPS: '127.0.0.1, nowhere' },
  ])
    expect(() => loadConfig({ ...env, ...wrong })).toThrow(new RegExp(Object.keys(wrong)[0]!));
  expect(() => loadConfig({})).toThrow(/WECHAT_APP_ID/);
});
