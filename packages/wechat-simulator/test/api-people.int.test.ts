import { expect, test } from '@jest/globals';
import { type ApiTestbed, minute, useApiTestbed } from './api-testbed.ts';

let platform: ApiTestbed['platform'];
let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
useApiTestbed((bed) => {
  ({ platform, all, sim } = bed);
});

test('web authorization gives a code for the person, once, for five minutes', async () => {
  const { appid, secret } = all.plain;
  const openid = await sim.follower(all.plain);
  await sim.post('/_sim/browser', { openid });
  const authorize = `/connect/oauth2/authorize?appid=${appid}&redirect_uri=${encodeURIComponent('https://m.example.com/back?a=1')}&response_type=code&scope=snsapi_userinfo&state=s1&connect_redirect=1`;
  const redirect = await fetch(`${platform.url}${authorize}`, { redirect: 'manual' });
  const target = new URL(redirect.headers.get('location') ?? '');
  expect([redirect.status, target.searchParams.get('a'), target.searchParams.get('state')]).toEqual([302, '1', 's1']);
  const exchange = `/sns/oauth2/access_token?appid=${appid}&secret=${secret}&code=${target.searchParams.get('code') ?? ''}&grant_type=authorization_code`;
  const answer = await sim.get(exchange);
  expect(answer).toMatchObject({ openid, scope: 'snsapi_userinfo', expires_in: 7200 });
  expect(await sim.get(exchange)).toMatchObject({ errcode: 40163 });
  const person = `access_token=${String(answer['access_token'])}&openid=${openid}`;
  expect(await sim.get(`/sns/userinfo?${person}`)).toMatchObject({ openid, unionid: answer['unionid'], privilege: [] });
  expect(await sim.get(`/sns/auth?${person}`)).toMatchObject({ errcode: 0 });
  const again = await sim.get(
    `/sns/oauth2/refresh_token?appid=${appid}&grant_type=refresh_token&refresh_token=${String(answer['refresh_token'])}`,
  );
  expect(again).toMatchObject({ openid, scope: 'snsapi_userinfo' });
});

test('a log-in code is good once and for five minutes, with or without an access token beside it', async () => {
  const { appid, secret } = all.miniProgram;
  const login = async (code: unknown, more = '') =>
    sim.get(
      `/sns/jscode2session?appid=${appid}&secret=${secret}&grant_type=authorization_code&js_code=${String(code)}${more}`,
    );
  const issue = async () => (await sim.post('/_sim/codes', { appid, kind: 'login' }))['code'];
  const code = await issue();
  const session = await login(code, `&access_token=${await sim.token(all.miniProgram)}`);
  expect(Buffer.from(String(session['session_key']), 'base64')).toHaveLength(16);
  expect(await login(code)).toMatchObject({ errcode: 40163 });
  expect(await login('nonsense')).toMatchObject({ errcode: 40029 });
  const late = await issue();
  await sim.shiftClock(5 * minute);
  expect(await login(late)).toMatchObject({ errcode: 40029 });
});

test('the answers of log-in are labelled as plain text, as on the platform', async () => {
  const response = await fetch(`${platform.url}/sns/jscode2session?appid=x`);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/); // errors of the common kind stay JSON
  const { appid, secret } = all.miniProgram;
  const { code } = await sim.post('/_sim/codes', { appid, kind: 'login' });
  const session = await fetch(
    `${platform.url}/sns/jscode2session?appid=${appid}&secret=${secret}&grant_type=authorization_code&js_code=${String(code)}`,
  );
  expect(session.headers.get('content-type')).toBe('text/plain');
});

test('a phone number is had once for its own code, not for a log-in code', async () => {
  const { appid } = all.miniProgram;
  const phone = async (kind: string) =>
    sim.api(all.miniProgram, '/wxa/business/getuserphonenumber', {
      code: (await sim.post('/_sim/codes', { appid, kind }))['code'],
    });
  expect(await phone('phone')).toMatchObject({ errcode: 0, phone_info: { countryCode: '86', watermark: { appid } } });
  expect(await phone('login')).toMatchObject({ errcode: 40029 });
});
