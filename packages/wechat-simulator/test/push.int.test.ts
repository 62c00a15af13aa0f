import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { textOf } from '@lingquan/wechat';
import { accounts, client, startPlatform } from './platform.ts';
import { startReceiver } from './receiver.ts';

// Pictures are drawn pixel by pixel, which takes seconds inside Jest on a busy machine.
jest.setTimeout(60_000);

const broken = '该公众号提供的服务出现故障，请稍后再试';

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let platform: Awaited<ReturnType<typeof startPlatform>>;
let all: ReturnType<typeof accounts>;
let sim: ReturnType<typeof client>;

beforeAll(async () => {
  receiver = await startReceiver();
  all = accounts(receiver.url);
  platform = await startPlatform(Object.values(all));
  sim = client(platform.url);
});
afterAll(async () => {
  await platform.stop();
  await receiver.stop();
});
beforeEach(() => sim.delete('/_sim/faults'));

test.each(['plain', 'compatible', 'safe'] as const)(
  'in %s mode a text arrives signed and its reply is shown',
  async (mode) => {
    receiver.serve(all[mode], () => ({ text: '领取成功\n券码：8F3K-Q2ZX' }));
    const openid = await sim.follower(all[mode]);
    const push = await sim.push({ appid: all[mode].appid, openid, type: 'text', text: '优惠券' });
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.fields).toEqual({
      ToUserName: all[mode].originalId,
      FromUserName: openid,
      CreateTime: expect.stringMatching(/^\d{10}$/),
      MsgType: 'text',
      Content: '优惠券',
      MsgId: push.msgId,
    });
    expect(push).toMatchObject({
      reply: { type: 'text', content: '领取成功\n券码：8F3K-Q2ZX' },
      shown: '领取成功\n券码：8F3K-Q2ZX',
      problem: null,
    });
    expect((await sim.seen(openid)).map(({ from, via, text }) => [from, via, text])).toEqual([
      ['follower', 'push', '优惠券'],
      ['account', 'reply', '领取成功\n券码：8F3K-Q2ZX'],
    ]);
  },
);

test('in safe mode nothing but the receiver is in clear', async () => {
  receiver.serve(all.safe);
  const push = await sim.push({ appid: all.safe.appid, type: 'text', text: '秘密' });
  expect(push.request.body).toMatch(/^<xml><ToUserName>.*<\/ToUserName><Encrypt>.*<\/Encrypt><\/xml>$/);
  expect(push.request.xml).toContain('秘密');
});

test('a mini program’s push is JSON, with its 64-bit id as a bare number', async () => {
  receiver.serve(all.miniProgram);
  const { appid } = all.miniProgram;
  const push = await sim.push({ appid, type: 'text', text: '优惠券', msgId: '7400000000000000901' });
  expect(push.request.xml).toContain('"MsgId":7400000000000000901');
  expect(JSON.parse(push.request.body)).toEqual({
    ToUserName: all.miniProgram.originalId,
    Encrypt: expect.any(String),
  });
  expect(textOf(receiver.received[0]?.fields ?? {}, 'MsgId')).toBe('7400000000000000901');
});

test('a mini program’s chat does not show a passive text', async () => {
  receiver.serve(all.miniProgram, () => ({ text: '不会显示' }));
  const push = await sim.push({ appid: all.miniProgram.appid, type: 'text', text: '优惠券' });
  expect(push).toMatchObject({ reply: { content: '不会显示' }, shown: null, problem: null });
});

test('a service that answers nothing in time is asked four times with the same message, then the follower reads that it is broken', async () => {
  receiver.serve(all.safe, () => 'hang');
  const openid = await sim.follower(all.safe);
  const push = await sim.push({ appid: all.safe.appid, openid, type: 'text', text: '优惠券' });
  expect(push.attempts.map(({ status, error }) => `${status} ${error}`)).toEqual(Array(4).fill('0 timeout'));
  expect(new Set(receiver.received.map(({ fields }) => textOf(fields, 'MsgId'))).size).toBe(1);
  expect(push.shown).toBe(broken);
  expect((await sim.seen(openid)).at(-1)).toMatchObject({ from: 'platform', via: 'notice', text: broken });
});

test('a service that answers at the second try is shown and not asked again', async () => {
  receiver.serve(all.plain, (_push, attempt) => (attempt === 1 ? { status: 503, body: 'busy' } : { text: '好了' }));
  const push = await sim.push({ type: 'text', text: '优惠券' });
  expect(push.attempts.map(({ status }) => status)).toEqual([503, 200]);
  expect(push.shown).toBe('好了');
});

test('repeats are the same bytes, or signed anew on request', async () => {
  const nonces = () => new Set(receiver.received.map(({ query }) => query['nonce'])).size;
  receiver.serve(all.safe, () => ({ status: 500, body: '' }));
  await sim.push({ appid: all.safe.appid, type: 'text', text: 'a' });
  expect(nonces()).toBe(1);
  receiver.serve(all.safe, () => ({ status: 500, body: '' }));
  await sim.push({ appid: all.safe.appid, type: 'text', text: 'a', repeats: 'fresh' });
  expect(nonces()).toBe(4);
});

test('a service nobody runs counts as broken after four tries', async () => {
  const alone = await startPlatform([accounts('http://127.0.0.1:1/wx').plain]);
  try {
    const push = await client(alone.url).push({ type: 'text', text: '优惠券' });
    expect(push.attempts).toHaveLength(4);
    expect(push).toMatchObject({ response: null, shown: broken });
  } finally {
    await alone.stop();
  }
});

test.each([
  ['success', 'success'],
  ['an empty body', ''],
])('%s shows nothing', async (_what, body) => {
  receiver.serve(all.safe, () => ({ body }));
  const push = await sim.push({ appid: all.safe.appid, type: 'text', text: '你好' });
  expect(push).toMatchObject({ attempts: [{ status: 200 }], reply: null, shown: null, problem: null });
});

const envelope = (to: string, from: string, more: string) =>
  `<xml><ToUserName>${to}</ToUserName><FromUserName>${from}</FromUserName><CreateTime>1767320000</CreateTime>${more}</xml>`;

test.each([
  ['JSON', () => '{"ok":true}'],
  ['plain words', () => 'ok'],
  ['an error page', () => '<html><body>oops</body></html>'],
  ['an empty text', (to: string, from: string) => envelope(to, from, '<MsgType>text</MsgType><Content></Content>')],
  [
    'a text of 2048 bytes',
    (to: string, from: string) => envelope(to, from, `<MsgType>text</MsgType><Content>${'a'.repeat(2048)}</Content>`),
  ],
  ['an unknown type', (to: string, from: string) => envelope(to, from, '<MsgType>poem</MsgType>')],
  [
    'names not swapped',
    (to: string, from: string) => envelope(from, to, '<MsgType>text</MsgType><Content>a</Content>'),
  ],
])('%s is no reply: shown as broken, and not asked again', async (_what, body) => {
  receiver.serve(all.plain, ({ fields }) => ({
    body: body(textOf(fields, 'FromUserName') ?? '', textOf(fields, 'ToUserName') ?? ''),
  }));
  const push = await sim.push({ type: 'text', text: '优惠券' });
  expect(push.attempts).toHaveLength(1);
  expect(push).toMatchObject({ reply: null, shown: broken, problem: expect.any(String) });
});

test('in safe mode a reply in clear is not accepted, in compatible mode it is', async () => {
  const clear: Parameters<typeof receiver.serve>[1] = ({ fields }) => ({
    body: envelope(
      textOf(fields, 'FromUserName') ?? '',
      textOf(fields, 'ToUserName') ?? '',
      '<MsgType>text</MsgType><Content>a</Content>',
    ),
  });
  receiver.serve(all.safe, clear);
  expect(await sim.push({ appid: all.safe.appid, type: 'text', text: '优惠券' })).toMatchObject({ shown: broken });
  receiver.serve(all.compatible, clear);
  expect(await sim.push({ appid: all.compatible.appid, type: 'text', text: '优惠券' })).toMatchObject({ shown: 'a' });
});

test('a menu tap, a scan and a follow arrive as the platform writes them', async () => {
  receiver.serve(all.plain);
  const openid = await sim.follower(all.plain);
  await sim.push({ openid, type: 'click', eventKey: '优惠券' });
  await sim.push({ openid, type: 'scan', eventKey: 'shop-1', ticket: 'T' });
  await sim.push({ openid: 'oNewcomer', type: 'scan', eventKey: 'shop-1', ticket: 'T' });
  await sim.push({ openid, type: 'scancode_waitmsg', eventKey: '扫码', text: 'EAN_13,690' });
  const events = receiver.received.map(
    ({ fields: { ToUserName: _to, FromUserName: _from, CreateTime: _at, ...rest } }) => rest,
  );
  expect(events).toEqual([
    { MsgType: 'event', Event: 'CLICK', EventKey: '优惠券' },
    { MsgType: 'event', Event: 'SCAN', EventKey: 'shop-1', Ticket: 'T' },
    { MsgType: 'event', Event: 'subscribe', EventKey: 'qrscene_shop-1', Ticket: 'T' },
    {
      MsgType: 'event',
      Event: 'scancode_waitmsg',
      EventKey: '扫码',
      ScanCodeInfo: { ScanType: 'qrcode', ScanResult: 'EAN_13,690' },
    },
  ]);
});

test('somebody who unfollowed sends nothing until they follow again', async () => {
  receiver.serve(all.plain);
  const openid = await sim.follower(all.plain);
  await sim.push({ openid, type: 'unsubscribe' });
  expect(await sim.push({ openid, type: 'text', text: 'hi' })).toMatchObject({ error: 'conflict' });
  await sim.push({ openid, type: 'subscribe' });
  expect(await sim.push({ openid, type: 'text', text: 'hi' })).toMatchObject({ problem: null });
});

test('a broken service is not shown to somebody who has just unfollowed', async () => {
  receiver.serve(all.plain, () => ({ body: 'oops' }));
  const openid = await sim.follower(all.plain);
  expect(await sim.push({ openid, type: 'unsubscribe' })).toMatchObject({
    shown: null,
    problem: expect.any(String),
  });
});

test('an event the platform may send one day can be said field by field', async () => {
  receiver.serve(all.plain);
  await sim.push({ type: 'raw', fields: { MsgType: 'event', Event: 'brand_new', Detail: { Count: 2 } } });
  expect(receiver.received[0]?.fields).toMatchObject({ MsgType: 'event', Event: 'brand_new', Detail: { Count: '2' } });
});

test('an image comes with a picture that can be fetched', async () => {
  receiver.serve(all.plain);
  await sim.push({ type: 'image' });
  const { fields = {} } = receiver.received[0] ?? {};
  const picture = await fetch(textOf(fields, 'PicUrl') ?? '');
  expect(picture.headers.get('content-type')).toBe('image/png');
  const media = await fetch(
    `${platform.url}/cgi-bin/media/get?access_token=${await sim.token(all.plain)}&media_id=${textOf(fields, 'MediaId')}`,
  );
  expect(Buffer.from(await media.arrayBuffer())).toEqual(Buffer.from(await picture.arrayBuffer()));
});

test('a push lost before delivery is repeated and never seen; one lost after it is seen each time', async () => {
  receiver.serve(all.plain, () => ({ text: '好' }));
  await sim.post('/_sim/faults', { on: 'push', kind: 'lost', when: 'before', times: 1 });
  expect(await sim.push({ type: 'text', text: 'a' })).toMatchObject({
    attempts: [{ status: 0 }, { status: 200 }],
    shown: '好',
  });
  expect(receiver.received).toHaveLength(1);
  receiver.serve(all.plain, () => ({ text: '好' }));
  await sim.post('/_sim/faults', { on: 'push', kind: 'lost', when: 'after', times: 2 });
  expect(await sim.push({ type: 'text', text: 'a' })).toMatchObject({
    attempts: [{ status: 0 }, { status: 0 }, { status: 200 }],
    shown: '好',
  });
  expect(receiver.received).toHaveLength(3);
});

test('an answer slowed beyond the time-out counts as none', async () => {
  receiver.serve(all.plain, () => ({ text: '好' }));
  await sim.post('/_sim/faults', { on: 'push', kind: 'slow', ms: 5000, times: 1 });
  const push = await sim.push({ type: 'text', text: 'a' });
  expect(push.attempts.map(({ error }) => error)).toEqual(['timeout', undefined]);
});

test('the address of the service is verified as the console does it', async () => {
  receiver.serve(all.safe);
  expect(await sim.post('/_sim/verify-url', { appid: all.safe.appid })).toMatchObject({ ok: true, status: 200 });
});

test('a page of another origin may not act here', async () => {
  const response = await fetch(`${platform.url}/_sim/push`, {
    method: 'POST',
    headers: { origin: 'http://evil.example' },
    body: JSON.stringify({ type: 'text', text: 'a' }),
  });
  expect(response.status).toBe(401);
});
