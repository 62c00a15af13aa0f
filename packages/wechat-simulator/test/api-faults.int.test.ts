import { expect, test } from '@jest/globals';
import { type ApiTestbed, customerService, hour, useApiTestbed } from './api-testbed.ts';

let platform: ApiTestbed['platform'];
let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
let send: ReturnType<typeof customerService>['send'];
useApiTestbed((bed) => {
  ({ platform, all, sim } = bed);
  ({ send } = customerService(bed));
});

test('a fault answers the next calls of one interface, and a refused token is really gone', async () => {
  const openid = await sim.follower(all.plain);
  await sim.push({ openid, type: 'text', text: 'hi' });
  const before = await sim.token(all.plain);
  await sim.post('/_sim/faults', { kind: 'errcode', errcode: 40001, path: '/cgi-bin/message/custom/send', times: 1 });
  expect(await send(openid)).toMatchObject({ errcode: 40001 });
  expect(await sim.token(all.plain)).not.toBe(before);
  expect(await send(openid)).toMatchObject({ errcode: 0 });
});

test('faults: busy, an error page, no answer, a late answer; and taken away all is well', async () => {
  const call = () => sim.api(all.plain, '/cgi-bin/getcallbackip');
  await sim.token(all.plain);
  const at = { path: '/cgi-bin/getcallbackip', times: 1 };
  await sim.post('/_sim/faults', { ...at, kind: 'errcode', errcode: -1 });
  expect(await call()).toMatchObject({ errcode: -1 });
  await sim.post('/_sim/faults', { ...at, kind: 'http', status: 502 });
  await expect(call()).rejects.toThrow('JSON');
  await sim.post('/_sim/faults', { ...at, kind: 'not-json' });
  await expect(call()).rejects.toThrow('JSON');
  await sim.post('/_sim/faults', { ...at, kind: 'lost' });
  await expect(call()).rejects.toThrow('fetch failed');
  await sim.post('/_sim/faults', { ...at, kind: 'reset' });
  await expect(call()).rejects.toThrow('fetch failed');
  await sim.post('/_sim/faults', { kind: 'slow', ms: 50, path: at.path });
  const { items } = await sim.get('/_sim/faults');
  expect(items).toMatchObject([{ kind: 'slow', ms: 50 }]);
  await sim.delete('/_sim/faults');
  expect(await call()).toHaveProperty('ip_list');
});

test('an answer lost after the call took effect has taken effect', async () => {
  const openid = await sim.follower(all.plain);
  await sim.push({ openid, type: 'text', text: 'hi' });
  await sim.token(all.plain);
  await sim.post('/_sim/faults', { kind: 'lost', when: 'after', path: '/cgi-bin/message/custom/send', times: 1 });
  await expect(send(openid, '到了')).rejects.toThrow('fetch failed');
  expect((await sim.seen(openid)).at(-1)).toMatchObject({ text: '到了' });
});

test('calls are on record with their tokens cut', async () => {
  const token = await sim.token(all.plain);
  await sim.get(`/cgi-bin/getcallbackip?access_token=${token}`);
  const { items } = await sim.get('/_sim/calls?path=/cgi-bin/getcallbackip');
  expect(items).toMatchObject([
    { appid: all.plain.appid, method: 'GET', query: `access_token=${token.slice(0, 6)}…`, status: 200, errcode: 0 },
  ]);
  expect(JSON.stringify(await sim.get('/_sim/calls'))).not.toContain(token);
});

test('what happens is told to whoever watches', async () => {
  const stop = new AbortController();
  const stream = await fetch(`${platform.url}/_sim/stream`, { signal: stop.signal });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  await sim.push({ type: 'text', text: '看见' });
  let text = '';
  while (!text.includes('event: push')) text += (await reader?.read())?.value ?? '';
  expect(text).toContain('event: message\n');
  expect(text).toContain('看见');
  stop.abort();
});

test('statistics of the account’s own service are there the next day', async () => {
  await sim.push({ type: 'text', text: 'hi' });
  await sim.shiftClock(24 * hour);
  const yesterday = new Date(Date.now() + 8 * hour).toISOString().slice(0, 10);
  const range = { begin_date: yesterday, end_date: yesterday };
  expect(await sim.api(all.plain, '/datacube/getinterfacesummary', range)).toMatchObject({
    list: [{ ref_date: yesterday, callback_count: 1, fail_count: 0 }],
  });
  await sim.shiftClock(0);
  expect(await sim.api(all.plain, '/datacube/getinterfacesummary', range)).toMatchObject({ errcode: 61501 });
});

test('the way to the service is checked from here', async () => {
  const answer = await sim.api(all.plain, '/cgi-bin/callback/check', { action: 'all', check_operator: 'DEFAULT' });
  expect(answer).toMatchObject({ dns: [{ ip: '127.0.0.1' }], ping: [{ ip: '127.0.0.1', package_loss: '0%' }] });
  expect(await sim.api(all.plain, '/cgi-bin/callback/check', { action: 'guess' })).toMatchObject({ errcode: 40202 });
});
