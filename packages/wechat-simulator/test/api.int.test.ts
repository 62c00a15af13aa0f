import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { textOf } from '@lingquan/wechat';
import { until } from '@lingquan/test-kit';
import { accounts, client, startPlatform } from './platform.ts';
import { startReceiver } from './receiver.ts';

const minute = 60_000;
const hour = 60 * minute;

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let platform: Awaited<ReturnType<typeof startPlatform>>;
let all: ReturnType<typeof accounts>;
let sim: ReturnType<typeof client>;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());
beforeEach(async () => {
  all = accounts(receiver.url);
  platform = await startPlatform(Object.values(all));
  sim = client(platform.url);
  receiver.serve(all.plain);
});
afterEach(() => platform.stop());

const message = (touser: string, content = '你好') => ({ touser, msgtype: 'text', text: { content } });
const send = (openid: string, content?: string) =>
  sim.api(all.plain, '/cgi-bin/message/custom/send', message(openid, content));

/** Sends until refused: how many went out, and the code of the refusal. */
async function sendAll(openid: string): Promise<{ sent: number; errcode: unknown }> {
  for (let sent = 0; sent < 10; sent += 1) {
    const { errcode } = await send(openid);
    if (errcode !== 0) return { sent, errcode };
  }
  throw new Error('never refused');
}

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
      if ((await sim.api(all.miniProgram, '/cgi-bin/message/custom/send', message(openid))).errcode !== 0) return sent;
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

test('followers are listed to an empty page, looked up, and remarked on', async () => {
  const { data, total, next_openid: next } = await sim.api(all.plain, '/cgi-bin/user/get');
  const openids = (data as { openid: string[] }).openid;
  expect(total).toBe(openids.length);
  expect(next).toBe(openids.at(-1));
  expect(await sim.api(all.plain, `/cgi-bin/user/get?next_openid=${String(next)}`)).toEqual({
    total,
    count: 0,
    next_openid: '',
  });
  const openid = openids[0] ?? '';
  await sim.api(all.plain, '/cgi-bin/user/info/updateremark', { openid, remark: '熟客' });
  expect(await sim.api(all.plain, `/cgi-bin/user/info?openid=${openid}&lang=zh_CN`)).toMatchObject({
    subscribe: 1,
    openid,
    remark: '熟客',
    tagid_list: [],
  });
  expect(await sim.api(all.plain, '/cgi-bin/user/info/batchget', { user_list: [{ openid: 'oNobody' }] })).toMatchObject(
    { errcode: 40003 },
  );
});

test('how somebody came to follow is told', async () => {
  await sim.push({ openid: 'oScanner', type: 'scan', eventKey: 'shop-7' });
  expect(await sim.api(all.plain, '/cgi-bin/user/info?openid=oScanner')).toMatchObject({
    subscribe_scene: 'ADD_SCENE_QR_CODE',
    qr_scene: 0,
    qr_scene_str: 'shop-7',
  });
});

test('tags are given to fifty at a time, all or nobody, and go with the follow', async () => {
  const { tag } = await sim.api(all.plain, '/cgi-bin/tags/create', { tag: { name: 'vip' } });
  const { id: tagid } = tag as { id: number };
  const openid = await sim.follower(all.plain);
  const give = (openid_list: string[]) =>
    sim.api(all.plain, '/cgi-bin/tags/members/batchtagging', { tagid, openid_list });
  expect(await give([openid, 'oNobody'])).toMatchObject({ errcode: 40003 });
  expect(await give(Array<string>(51).fill(openid))).toMatchObject({ errcode: 40032 });
  expect(await give([openid])).toMatchObject({ errcode: 0 });
  expect(await sim.api(all.plain, '/cgi-bin/tags/getidlist', { openid })).toEqual({ tagid_list: [tagid] });
  expect(await sim.api(all.plain, '/cgi-bin/user/tag/get', { tagid, next_openid: '' })).toEqual({
    count: 1,
    data: { openid: [openid] },
    next_openid: openid,
  });
  await sim.push({ openid, type: 'unsubscribe' });
  expect(await sim.api(all.plain, '/cgi-bin/user/tag/get', { tagid, next_openid: '' })).toEqual({
    count: 0,
    next_openid: '',
  });
});

test('the blacklist is listed from the start also when the client says null', async () => {
  const openid = await sim.follower(all.plain);
  await sim.api(all.plain, '/cgi-bin/tags/members/batchblacklist', { openid_list: [openid] });
  expect(await sim.api(all.plain, '/cgi-bin/tags/members/getblacklist', { begin_openid: null })).toEqual({
    total: 1,
    count: 1,
    data: { openid: [openid] },
    next_openid: openid,
  });
});

test('a menu made through the interface is on the phone, and another for those with a tag', async () => {
  expect(await sim.api(all.plain, '/cgi-bin/menu/get')).toMatchObject({ errcode: 46003 });
  const button = (name: string) => [{ type: 'click', name, key: name }];
  expect(await sim.api(all.plain, '/cgi-bin/menu/create', { button: button('领券') })).toMatchObject({ errcode: 0 });
  const { tag } = await sim.api(all.plain, '/cgi-bin/tags/create', { tag: { name: 'vip' } });
  const { id: tagid } = tag as { id: number };
  const conditional = await sim.api(all.plain, '/cgi-bin/menu/addconditional', {
    button: button('贵宾'),
    matchrule: { tag_id: String(tagid) },
  });
  expect(conditional).toEqual({ menuid: expect.stringMatching(/^\d+$/) });
  const openid = await sim.follower(all.plain);
  const names = async () =>
    ((await sim.get(`/_sim/menu?openid=${openid}`))['button'] as { name: string }[]).map(({ name }) => name);
  expect(await names()).toEqual(['领券']);
  await sim.api(all.plain, '/cgi-bin/tags/members/batchtagging', { tagid, openid_list: [openid] });
  expect(await names()).toEqual(['贵宾']);
  expect(await sim.api(all.plain, '/cgi-bin/menu/trymatch', { user_id: openid })).toMatchObject({
    button: [{ name: '贵宾' }],
  });
  await sim.api(all.plain, '/cgi-bin/menu/delete');
  expect(await names()).toEqual([]);
});

test('Chinese written as escapes is refused in menus; escaped ASCII, which Java writes, is not', async () => {
  const token = await sim.token(all.plain);
  const create = async (body: string) =>
    (await fetch(`${platform.url}/cgi-bin/menu/create?access_token=${token}`, { method: 'POST', body })).json();
  expect(await create('{"button":[{"type":"click","name":"\\u9886\\u5238","key":"k"}]}')).toMatchObject({
    errcode: 40033,
  });
  expect(
    await create('{"button":[{"type":"view","name":"页","url":"http://e.com/?a\\u003d1\\u0026b"}]}'),
  ).toMatchObject({ errcode: 0 });
});

test('the whole view of a menu has its lower buttons in a list of their own', async () => {
  const { selfmenu_info: info } = await sim.api(all.plain, '/cgi-bin/get_current_selfmenu_info');
  expect(info).toMatchObject({
    button: [{ type: 'click' }, {}, { sub_button: { list: [{ type: 'click' }, {}, { type: 'view' }] } }],
  });
});

test('a QR code is made, drawn, scanned while it lives and not after', async () => {
  const made = await sim.api(all.plain, '/cgi-bin/qrcode/create', {
    expire_seconds: 60,
    action_name: 'QR_STR_SCENE',
    action_info: { scene: { scene_str: 'shop' } },
  });
  const ticket = String(made['ticket']);
  const picture = await fetch(`${platform.url}/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`);
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  expect((await fetch(`${platform.url}/cgi-bin/showqrcode?ticket=none`)).status).toBe(404);
  await sim.push({ openid: await sim.follower(all.plain), type: 'scan', ticket });
  expect(receiver.received[0]?.fields).toMatchObject({ Event: 'SCAN', EventKey: 'shop', Ticket: ticket });
  await sim.shiftClock(61_000);
  expect(await sim.push({ type: 'scan', ticket })).toMatchObject({ error: 'conflict' });
  const permanent = await sim.api(all.plain, '/cgi-bin/qrcode/create', {
    action_name: 'QR_LIMIT_SCENE',
    action_info: { scene: { scene_id: 9 } },
  });
  expect(permanent).not.toHaveProperty('expire_seconds');
});

const couponData = {
  thing1: { value: '满30减5' },
  character_string2: { value: '8F3K' },
  date3: { value: '2026-12-31' },
};

test('a template message is seen, its result is pushed with the same id, and the same one is not sent twice', async () => {
  const { template_list: list } = await sim.api(all.plain, '/cgi-bin/template/get_all_private_template');
  const template_id = (list as { template_id: string }[])[0]?.template_id;
  const openid = await sim.follower(all.plain);
  const token = await sim.token(all.plain);
  const body = { touser: openid, template_id, client_msg_id: 'order-1', data: couponData };
  const sendIt = async () =>
    (
      await fetch(`${platform.url}/cgi-bin/message/template/send?access_token=${token}`, {
        method: 'POST',
        body: JSON.stringify(body),
      })
    ).text();
  const first = await sendIt();
  const msgid = /^\{"errcode":0,"errmsg":"ok","msgid":(\d{18,19})\}$/.exec(first)?.[1];
  const event = await until(() => receiver.received[0]?.fields, 'the result is pushed');
  expect(event).toMatchObject({ Event: 'TEMPLATESENDJOBFINISH', MsgID: msgid, Status: 'success' });
  expect(await sendIt()).toBe(first);
  expect((await sim.seen(openid)).filter(({ via }) => via === 'template')).toHaveLength(1);
  await sim.shiftClock(11 * minute);
  expect(await sendIt()).not.toBe(first);
});

test('a template message with a wrong parameter names it; an unknown template and a stranger are refused', async () => {
  const openid = await sim.follower(all.plain);
  const { template_list: list } = await sim.api(all.plain, '/cgi-bin/template/get_all_private_template');
  const template_id = (list as { template_id: string }[])[0]?.template_id;
  const sendIt = (more: object) =>
    sim.api(all.plain, '/cgi-bin/message/template/send', { touser: openid, template_id, data: couponData, ...more });
  expect(await sendIt({ data: { ...couponData, character_string2: { value: '券码' } } })).toMatchObject({
    errcode: 47003,
    errmsg: expect.stringContaining('data.character_string2.value invalid'),
  });
  expect(await sendIt({ template_id: 'x' })).toMatchObject({ errcode: 40037 });
  await sim.push({ openid, type: 'unsubscribe' });
  expect(await sendIt({})).toMatchObject({ errcode: 43004 });
});

test('a subscription message needs a consent each, and its result is pushed as JSON to a mini program', async () => {
  receiver.serve(all.miniProgram);
  const { appid } = all.miniProgram;
  const openid = await sim.follower(all.miniProgram);
  const { data } = await sim.api(all.miniProgram, '/wxaapi/newtmpl/gettemplate');
  const templateId = (data as { priTmplId: string }[])[0]?.priTmplId;
  const sendIt = () =>
    sim.api(all.miniProgram, '/cgi-bin/message/subscribe/send', {
      touser: openid,
      template_id: templateId,
      page: 'pages/coupon',
      data: couponData,
    });
  expect(await sendIt()).toMatchObject({ errcode: 43101 });
  await sim.post('/_sim/consents', { appid, openid, templateIds: [templateId] });
  expect(receiver.received[0]?.fields).toMatchObject({
    Event: 'subscribe_msg_popup_event',
    List: [{ TemplateId: templateId, SubscribeStatusString: 'accept', PopupScene: '0' }],
  });
  expect(await sendIt()).toMatchObject({ errcode: 0 });
  const event = await until(() => receiver.received[1]?.fields, 'the result is pushed');
  expect(event).toMatchObject({
    Event: 'subscribe_msg_sent_event',
    List: [{ TemplateId: templateId, ErrorStatus: 'success' }],
  });
  expect(await sendIt()).toMatchObject({ errcode: 43101 });
});

test('one kind of account may not use the other kind’s interfaces', async () => {
  expect(await sim.api(all.miniProgram, '/cgi-bin/user/get')).toMatchObject({ errcode: 48001 });
  expect(await sim.api(all.plain, '/wxa/getwxacodeunlimit', { scene: 'a' })).toMatchObject({ errcode: 48001 });
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

test('mini-program codes are pictures, their errors are labelled as JSON, whatever the request called itself', async () => {
  const token = await sim.token(all.miniProgram);
  const draw = (body: object) =>
    fetch(`${platform.url}/wxa/getwxacodeunlimit?access_token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=ISO-8859-1' },
      body: JSON.stringify(body),
    });
  const picture = await draw({ scene: 'c=1', page: 'pages/coupon' });
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  const refused = await draw({ scene: '券' });
  expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await refused.json()).toMatchObject({ errcode: 40129 });
});

test('files are uploaded, fetched back byte for byte, and gone after three days', async () => {
  const token = await sim.token(all.plain);
  const form = new FormData();
  form.append('media', new Blob([Buffer.from('GIF89a券')], { type: 'image/gif' }), 'a.gif');
  const upload = (await (
    await fetch(`${platform.url}/cgi-bin/media/upload?access_token=${token}&type=image`, { method: 'POST', body: form })
  ).json()) as { media_id: string };
  const fetchBack = async () =>
    fetch(`${platform.url}/cgi-bin/media/get?access_token=${await sim.token(all.plain)}&media_id=${upload.media_id}`);
  expect(Buffer.from(await (await fetchBack()).arrayBuffer()).toString()).toBe('GIF89a券');
  await sim.shiftClock(72 * hour);
  expect(await (await fetchBack()).json()).toMatchObject({ errcode: 40007 });
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

test('a push answered with a file’s id can be read by the account', async () => {
  await sim.push({ type: 'voice', text: '优惠券' });
  expect(textOf(receiver.received[0]?.fields ?? {}, 'Recognition')).toBe('优惠券');
});
