import { expect, test } from '@jest/globals';
import { type ApiTestbed, customerService, useApiTestbed } from './api-testbed.ts';

let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
let send: ReturnType<typeof customerService>['send'];
useApiTestbed((bed) => {
  ({ all, sim } = bed);
  ({ send } = customerService(bed));
});

test('a quota that is used up refuses, is shown, and is cleared ten times a month', async () => {
  const path = '/cgi-bin/user/get';
  await sim.post('/_sim/quotas', { path, perDay: 1 });
  expect(await sim.api(all.plain, path)).toHaveProperty('total');
  expect(await sim.api(all.plain, path)).toMatchObject({ errcode: 45009 });
  expect(await sim.api(all.plain, '/cgi-bin/openapi/quota/get', { cgi_path: path })).toMatchObject({
    quota: { daily_limit: 1, used: 1, remain: 0 },
  });
  const clear = () => sim.api(all.plain, '/cgi-bin/clear_quota', { appid: all.plain.appid });
  expect(await clear()).toMatchObject({ errcode: 0 });
  expect(await sim.api(all.plain, path)).toHaveProperty('total');
  const { appid, secret: appsecret } = all.plain;
  for (let time = 0; time < 9; time += 1)
    expect(await sim.post('/cgi-bin/clear_quota/v2', { appid, appsecret })).toMatchObject({ errcode: 0 });
  expect(await clear()).toMatchObject({ errcode: 48006 });
});

test('quotas are asked for by path: no host, no persons’ interfaces, none that is not there', async () => {
  const ask = (cgi_path: string) => sim.api(all.plain, '/cgi-bin/openapi/quota/get', { cgi_path });
  expect(await ask('api.weixin.qq.com/cgi-bin/token')).toMatchObject({ errcode: 76003 });
  expect(await ask('/sns/jscode2session')).toMatchObject({ errcode: 76022 });
  expect(await ask('/cgi-bin/nothing')).toMatchObject({ errcode: 76021 });
});

test('a refusal’s request id can be looked up, with its secrets cut', async () => {
  const { errmsg } = await send('oNobody');
  const rid = String(errmsg).split('rid: ')[1];
  const found = await sim.api(all.plain, '/cgi-bin/openapi/rid/get', { rid });
  expect(found).toMatchObject({
    errcode: 0,
    request: {
      request_url: expect.stringMatching(/^access_token=.{6}…$/),
      response_body: expect.stringContaining('40003'),
    },
  });
  expect(await sim.api(all.plain, '/cgi-bin/openapi/rid/get', { rid: '00000000-00000000-00000000' })).toMatchObject({
    errcode: 76001,
  });
});
