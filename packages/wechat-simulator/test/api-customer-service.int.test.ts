import { expect, test } from '@jest/globals';
import { type ApiTestbed, customerMessage, customerService, hour, minute, useApiTestbed } from './api-testbed.ts';

let receiver: ApiTestbed['receiver'];
let platform: ApiTestbed['platform'];
let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
let send: ReturnType<typeof customerService>['send'];
let sendAll: ReturnType<typeof customerService>['sendAll'];
useApiTestbed((bed) => {
  ({ receiver, platform, all, sim } = bed);
  ({ send, sendAll } = customerService(bed));
});

test('nothing may be sent to somebody who has done nothing, five messages after a message, and five again after another', async () => {
  const openid = await sim.follower(all.plain);
  expect(await sendAll(openid)).toEqual({ sent: 0, errcode: 45015 });
  await sim.push({ openid, type: 'text', text: 'hi' });
  expect(await sendAll(openid)).toEqual({ sent: 5, errcode: 45047 });
  await sim.push({ openid, type: 'text', text: 'hi' });
  await sim.shiftClock(48 * hour - minute);
  expect((await send(openid)).errcode).toBe(0);
  await sim.shiftClock(48 * hour + minute);
  expect(await sendAll(openid)).toEqual({ sent: 0, errcode: 45015 });
});

test('three messages within a minute of a tap, a scan or a follow; a page opened from the menu opens no window', async () => {
  for (const action of [{ type: 'click', eventKey: 'k' }, { type: 'scan', eventKey: 's' }, { type: 'subscribe' }]) {
    const openid = await sim.follower(all.plain);
    await sim.push({ openid, ...action });
    expect([action.type, await sendAll(openid)]).toEqual([action.type, { sent: 3, errcode: 45047 }]);
  }
  const openid = await sim.follower(all.plain);
  await sim.push({ openid, type: 'view', eventKey: 'https://example.com' });
  expect(await sendAll(openid)).toEqual({ sent: 0, errcode: 45015 });
  await sim.push({ openid, type: 'click', eventKey: 'k' });
  await sim.shiftClock(minute);
  expect(await sendAll(openid)).toEqual({ sent: 0, errcode: 45015 });
});

test('a mini program may answer twice when somebody opens the chat, five times when they write', async () => {
  receiver.serve(all.miniProgram);
  const { appid } = all.miniProgram;
  const openid = await sim.follower(all.miniProgram);
  const count = async () => {
    for (let sent = 0; ; sent += 1)
      if ((await sim.api(all.miniProgram, '/cgi-bin/message/custom/send', customerMessage(openid))).errcode !== 0)
        return sent;
  };
  await sim.push({ appid, openid, type: 'enter' });
  expect(await count()).toBe(2);
  await sim.push({ appid, openid, type: 'text', text: 'hi' });
  expect(await count()).toBe(5);
});

test('who unfollowed, who refuses, who is unknown and what is too long are told apart', async () => {
  const openid = await sim.follower(all.plain);
  await sim.push({ openid, type: 'text', text: 'hi' });
  expect(await send('oNobody')).toMatchObject({ errcode: 40003 });
  expect(await send(openid, '长'.repeat(683))).toMatchObject({ errcode: 45002 });
  expect(await send(openid, '')).toMatchObject({ errcode: 44004 });
  await fetch(`${platform.url}/_sim/followers/${openid}`, {
    method: 'PATCH',
    body: JSON.stringify({ refusesMessages: true }),
  });
  expect(await send(openid)).toMatchObject({ errcode: 48002 });
  await sim.push({ openid, type: 'unsubscribe' });
  expect(await send(openid)).toMatchObject({ errcode: 43004 });
});

test('a customer-service message is seen on the phone', async () => {
  const openid = await sim.follower(all.plain);
  await sim.push({ openid, type: 'text', text: '优惠券' });
  await send(openid, '券码：8F3K-Q2ZX');
  expect((await sim.seen(openid)).at(-1)).toMatchObject({
    from: 'account',
    via: 'customer-service',
    type: 'text',
    text: '券码：8F3K-Q2ZX',
  });
});

test('typing is shown once, to somebody who was here lately', async () => {
  const openid = await sim.follower(all.plain);
  const typing = (command: string) => sim.api(all.plain, '/cgi-bin/message/custom/typing', { touser: openid, command });
  expect(await typing('Typing')).toMatchObject({ errcode: 45080 });
  await sim.push({ openid, type: 'text', text: 'hi' });
  expect(await typing('Singing')).toMatchObject({ errcode: 45072 });
  expect(await typing('Typing')).toMatchObject({ errcode: 0 });
  expect(await typing('Typing')).toMatchObject({ errcode: 45081 });
  expect(await typing('CancelTyping')).toMatchObject({ errcode: 0 });
});
