import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { account, noRule, openSystem, startIngress } from './system.ts';
import type { System } from './system.ts';
import { event, get, push, readReply, text } from './wechat.ts';

const accounts = [
  account({ mode: 'safe' }),
  account({ appid: 'wxcompatible', mode: 'compatible', isDefault: false }),
  account({ appid: 'wxplaintext', mode: 'plaintext', isDefault: false }),
  account({ appid: 'wxminijson', kind: 'mini-program', format: 'json', isDefault: false }),
];
const [safe, , , mini] = accounts as [(typeof accounts)[0], unknown, unknown, (typeof accounts)[0]];

let system: System;
let ingress: Awaited<ReturnType<typeof startIngress>>;

beforeAll(async () => {
  system = await openSystem('claim');
  ingress = await startIngress(system, { accounts });
}, 60_000);

afterAll(async () => {
  await ingress?.stop();
  await system?.remove();
});

const takenOf = (openid: string) => system.taken.filter((taken) => taken.push.openid === openid);

test.each(accounts.slice(0, 3))('a text in $mode mode is answered with the code in the same mode', async (one) => {
  const answer = await push(ingress.url, one, text(`o-${one.mode}`));
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toContain('text/xml');
  const reply = readReply(one, answer.body);
  expect(reply).toMatchObject({ ToUserName: `o-${one.mode}`, FromUserName: 'gh_0a1b2c3d4e5f', MsgType: 'text' });
  expect(reply['Content']).toMatch(new RegExp(`^券码：code-of-o-${one.mode}$`, 'm'));
});

test('the push stands on wechat.inbound once, keyed by account and follower, with its trace', async () => {
  await push(ingress.url, safe, text('o-once', ' 优惠券 '));
  const [taken, ...more] = await until(() => takenOf('o-once').length > 0 && takenOf('o-once'), 'it is on the topic');
  expect(more).toEqual([]);
  expect(taken).toMatchObject({
    key: `${safe.appid}:o-once`,
    push: { appid: safe.appid, content: { case: 'text', value: { content: ' 优惠券 ' } } },
    envelope: { source: 'ingress', type: 'wechat.text' },
  });
  const { id, timeMs, traceparent } = taken!.envelope;
  expect(traceparent).toContain(id.replaceAll('-', ''));
  expect(Math.abs(Date.now() - timeMs)).toBeLessThan(60_000);
  expect(taken!.replyTo!.deadlineMs).toBe(timeMs + 4000);
});

test('the default account is served at /wx and at its own path', async () => {
  expect((await push(ingress.url, safe, text('o-default'), { path: '/wx' })).status).toBe(200);
  expect((await push(ingress.url, safe, text('o-default'))).status).toBe(200);
});

test.each([
  event('o-click', 'CLICK', { EventKey: '优惠券' }),
  event('o-scan', 'SCAN', { EventKey: '优惠券', Ticket: 't' }),
  event('o-follow', 'subscribe', { EventKey: 'qrscene_优惠券', Ticket: 't' }),
  event('o-scancode', 'scancode_waitmsg', { EventKey: 'k', ScanCodeInfo: { ScanType: 'qrcode', ScanResult: '1' } }),
])('$Event is answered with its outcome', async (fields) => {
  const { body } = await push(ingress.url, safe, fields);
  expect(readReply(safe, body)['Content']).toContain(`券码：code-of-${fields.FromUserName}`);
});

test.each([
  event('o-plain-follow', 'subscribe'),
  event('o-unfollow', 'unsubscribe'),
  event('o-view', 'VIEW', { EventKey: 'https://example.com/' }),
  event('o-job', 'TEMPLATESENDJOBFINISH', { MsgID: '200', Status: 'success' }),
  event('o-new-event', 'something_new', { Deep: { Value: '007' } }),
  text('o-new-type', '', { MsgType: 'hologram' }),
])('$MsgType $Event is taken and answered success at once', async (fields) => {
  const answer = await push(ingress.url, safe, fields);
  expect(answer).toMatchObject({ status: 200, body: 'success' });
  const openid = fields.FromUserName;
  const [taken] = await until(() => takenOf(openid).length > 0 && takenOf(openid), 'it is on the topic');
  expect(taken!.replyTo).toBeUndefined();
});

test('a message no rule answers gets success', async () => {
  system.decide = () => noRule;
  expect((await push(ingress.url, safe, text('o-chat', '你好'))).body).toBe('success');
  system.decide = ({ push: { openid } }) => ({ case: 'claimed', value: { code: `code-of-${openid}` } });
});

test("a mini program's push in JSON is answered success; its outcome goes another way", async () => {
  const answer = await push(ingress.url, mini, text('o-mini', '优惠券', { MsgId: '7400000000000000901' }));
  expect(answer).toMatchObject({ status: 200, body: 'success' });
  const [taken] = await until(() => takenOf('o-mini').length > 0 && takenOf('o-mini'), 'it is on the topic');
  expect(taken).toMatchObject({ push: { msgId: '7400000000000000901' }, replyTo: undefined });
});

test('it is alive, ready and measured', async () => {
  expect(await get(`${ingress.url}/healthz`)).toMatchObject({ status: 200 });
  expect(await get(`${ingress.url}/readyz`)).toMatchObject({ status: 200 });
  const { body } = await get(`${ingress.url}/metrics`);
  expect(body).toMatch(/lingquan_pushes_total\{result="text"\} [1-9]/);
  expect(body).toMatch(/lingquan_outcome_wait_seconds_count [1-9]/);
  expect(body).not.toContain('o-mini');
});
