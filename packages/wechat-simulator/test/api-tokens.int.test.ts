import { expect, test } from '@jest/globals';
import { type ApiTestbed, hour, minute, useApiTestbed } from './api-testbed.ts';
import { client, startPlatform } from './platform.ts';

let platform: ApiTestbed['platform'];
let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
useApiTestbed((bed) => {
  ({ platform, all, sim } = bed);
});

test('a token is had with the right appid and secret only', async () => {
  const { appid, secret } = all.plain;
  const get = (query: string) => sim.get(`/cgi-bin/token?${query}`);
  expect(await get(`grant_type=client_credential&appid=${appid}&secret=${secret}`)).toEqual({
    access_token: expect.any(String),
    expires_in: 7200,
  });
  expect(await get(`grant_type=client_credential&appid=${appid}&secret=wrong`)).toMatchObject({ errcode: 40125 });
  expect(await get(`grant_type=client_credential&appid=wx9&secret=${secret}`)).toMatchObject({ errcode: 40013 });
  expect(await get(`grant_type=client_credential&secret=${secret}`)).toMatchObject({ errcode: 41002 });
  expect(await get(`grant_type=client_credential&appid=${appid}`)).toMatchObject({ errcode: 41004 });
  expect(await get(`grant_type=password&appid=${appid}&secret=${secret}`)).toMatchObject({ errcode: 40002 });
});

test('a call without a token, with a wrong one, by the wrong method and with broken JSON says which', async () => {
  const path = '/cgi-bin/message/custom/send';
  expect(await sim.post(path, {})).toMatchObject({ errcode: 41001 });
  expect(await sim.post(`${path}?access_token=nonsense`, {})).toMatchObject({ errcode: 40014 });
  expect(await sim.api(all.plain, path)).toMatchObject({ errcode: 43002 });
  const token = await sim.token(all.plain);
  const broken = await fetch(`${platform.url}${path}?access_token=${token}`, { method: 'POST', body: '{"touser":' });
  expect(broken.status).toBe(200);
  expect(await broken.json()).toEqual({
    errcode: 47001,
    errmsg: expect.stringMatching(/^data format error rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
  });
});

test('the ordinary token of before dies five minutes after a new one, the stable one expires by the clock', async () => {
  const { appid, secret } = all.plain;
  const fetchToken = () => sim.get(`/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`);
  const check = (token: unknown) => sim.get(`/cgi-bin/getcallbackip?access_token=${String(token)}`);
  const { access_token: first } = await fetchToken();
  const { access_token: latest } = await fetchToken();
  const stable = await sim.token(all.plain);
  await sim.shiftClock(4 * minute);
  expect(await check(first)).toHaveProperty('ip_list');
  await sim.shiftClock(6 * minute);
  expect(await check(first)).toMatchObject({ errcode: 40001 });
  expect(await check(latest)).toHaveProperty('ip_list');
  await sim.shiftClock(2 * hour + minute);
  expect(await check(stable)).toMatchObject({ errcode: 42001 });
});

test('an Official Account with a white list gives tokens to the addresses on it; mini programs have none', async () => {
  const guarded = await startPlatform([all.plain, all.miniProgram], { ipAllowList: ['203.0.113.7'] });
  try {
    const { appid, secret } = all.plain;
    expect(
      await client(guarded.url).get(`/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`),
    ).toMatchObject({
      errcode: 40164,
      errmsg: expect.stringContaining('invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist'),
    });
    expect(await client(guarded.url).token(all.miniProgram)).toEqual(expect.any(String));
  } finally {
    await guarded.stop();
  }
});

test('one kind of account may not use the other kind’s interfaces', async () => {
  expect(await sim.api(all.miniProgram, '/cgi-bin/user/get')).toMatchObject({ errcode: 48001 });
  expect(await sim.api(all.plain, '/wxa/getwxacodeunlimit', { scene: 'a' })).toMatchObject({ errcode: 48001 });
});
