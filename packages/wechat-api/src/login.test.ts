import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLog } from '@lingquan/log';
import { Registry } from 'prom-client';
import { openLogins, readLogin } from './login.ts';
import type { Logins } from './login.ts';

const account = { appid: 'wx1', secret: 'hush', kind: 'mini-program' } as const;
let answer: unknown = {};
let asked = '';
const server = createServer((request, response) => {
  asked = request.url ?? '';
  response.end(JSON.stringify(answer));
});
let logins: Logins;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  logins = openLogins({ baseUrl, log: createLog({ service: 'test', level: 'silent' }), metrics: new Registry() });
});
beforeEach(() => {
  answer = { openid: 'o-1', session_key: 'k', unionid: 'u' };
});
afterAll(async () => {
  await logins.stop();
  await new Promise((resolve) => server.close(resolve));
});

test('a mini program exchanges the code of wx.login, and the session key stays behind', async () => {
  expect(await logins.exchange(account, 'c&1')).toEqual({ kind: 'ok', value: { openid: 'o-1' } });
  expect(asked).toBe('/sns/jscode2session?appid=wx1&secret=hush&js_code=c%261&grant_type=authorization_code');
});

test("an official account's page exchanges the code of web authorization", async () => {
  answer = { openid: 'o-2', access_token: 'AT', refresh_token: 'RT', scope: 'snsapi_base', expires_in: 7200 };
  const login = await logins.exchange({ ...account, kind: 'official-account' }, 'c2');
  expect(login).toEqual({ kind: 'ok', value: { openid: 'o-2' } });
  expect(asked).toBe('/sns/oauth2/access_token?appid=wx1&secret=hush&code=c2&grant_type=authorization_code');
});

test.each([40029, 40163, 42003, 40226])('errcode %i: this person is not let in', async (errcode) => {
  answer = { errcode, errmsg: 'code c3 of hush' };
  expect(await logins.exchange(account, 'c3')).toEqual({
    kind: 'failed',
    failure: 'user_refused',
    errcode,
    detail: 'code … of …',
  });
});

test.each([
  [40013, 'config'],
  [40125, 'config'],
  [45011, 'quota_minute'],
  [-1, 'busy'],
])('errcode %i says %s', async (errcode, failure) => {
  answer = { errcode };
  expect(await logins.exchange(account, 'c4')).toMatchObject({ failure });
});

test('who sees a page in snapshot mode is nobody', () => {
  expect(readLogin({ openid: 'o-1', is_snapshotuser: 1 })).toMatchObject({ failure: 'user_refused' });
});

test.each([[{}], [{ openid: '' }], [{ openid: 7 }], [{ openid: 'a b' }], [{ openid: 'x'.repeat(129) }]])(
  'an answer without an openid logs nobody in: %j',
  (json) => {
    expect(readLogin(json)).toMatchObject({ failure: 'uncertain' });
  },
);
