import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { signPush } from '@lingquan/wechat';
import { request } from 'undici';
import { account, openSystem, startIngress } from './system.ts';
import type { System } from './system.ts';
import { event, get, post, push, text } from './wechat.ts';

const safe = account();
const plain = account({ appid: 'wxplaintext', mode: 'plaintext', isDefault: false });

let system: System;
let ingress: Awaited<ReturnType<typeof startIngress>>;

beforeAll(async () => {
  system = await openSystem('refusals');
  ingress = await startIngress(system, { accounts: [safe, plain] });
}, 60_000);

afterAll(async () => {
  await ingress?.stop();
  await system?.remove();
});

const seconds = () => Math.floor(Date.now() / 1000);
const signed = (changes: Record<string, string> = {}): string =>
  new URLSearchParams({ ...signPush(plain, { timestamp: seconds(), nonce: 'n' }), ...changes }).toString();
const plainUrl = (query = signed()) => `${ingress.url}/wx/${plain.appid}?${query}`;
const message = (inner: string) =>
  `<xml><ToUserName>gh_1</ToUserName><FromUserName>o-evil</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType>${inner}</xml>`;

test.each([
  ['no signature at all', ''],
  ['an empty signature', 'signature=&timestamp=1&nonce=n'],
  ['a signature of another length', `signature=abc&timestamp=1&nonce=n`],
])('401 for %s', async (_, query) => {
  expect((await post(plainUrl(query), message('<Content>x</Content><MsgId>1</MsgId>'))).status).toBe(401);
  expect((await get(`${ingress.url}/wx?${query}&echostr=123`)).status).toBe(401);
});

test('401 for a timestamp out of the window, either way, and not inside it', async () => {
  const at = (timestamp: number, openid: string) => push(ingress.url, plain, text(openid), { timestamp });
  expect((await at(seconds() - 700, 'o-stale')).status).toBe(401);
  expect((await at(seconds() + 700, 'o-early')).status).toBe(401);
  expect((await at(seconds() - 500, 'o-taken-in-window')).status).toBe(200);
});

test('a GET may be as old as it likes', async () => {
  const query = new URLSearchParams(signPush(plain, { timestamp: 1, nonce: 'n' })).toString();
  expect(await get(`${ingress.url}/wx?${query}&echostr=6071842390512877345`)).toMatchObject({
    status: 200,
    body: '6071842390512877345',
  });
});

test('401 for a push that is not in the mode of the account, both ways', async () => {
  expect((await push(ingress.url, { ...safe, mode: 'plaintext' }, text('o-downgrade'))).status).toBe(401);
  expect((await push(ingress.url, { ...plain, mode: 'safe' }, text('o-upgrade'))).status).toBe(401);
});

test('401 for a push sealed for another appid', async () => {
  const other = { ...safe, appid: 'wxanother' };
  expect((await push(ingress.url, other, text('o-other'), { path: `/wx/${safe.appid}` })).status).toBe(401);
});

test.each([
  ['an entity bomb', `<!DOCTYPE lolz [<!ENTITY lol "lol">]>${message('<Content>&lol;</Content>')}`],
  ['an external entity', `<!DOCTYPE x SYSTEM "file:///etc/passwd">${message('')}`],
  ['an unknown entity', message('<Content>&xxe;</Content>')],
  ['a field given twice', message('<Content>a</Content><Content>b</Content>')],
  ['unclosed XML', '<xml><ToUserName>gh_1'],
  ['depth without end', '<xml>' + '<a>'.repeat(5000) + '</a>'.repeat(5000) + '</xml>'],
  ['reserved names', message('<__proto__><admin>1</admin></__proto__>')],
  ['no message', '<xml></xml>'],
  ['JSON where XML is agreed', '{"MsgType":"text"}'],
  ['nothing', ''],
])('400 for %s', async (_, body) => {
  expect((await post(plainUrl(), body)).status).toBe(400);
});

test('400 for bytes that are no UTF-8', async () => {
  expect((await post(plainUrl(), Buffer.from([0x3c, 0xff, 0xfe, 0x3e]))).status).toBe(400);
});

test('400 for a query parameter given twice', async () => {
  const answer = await post(plainUrl(`${signed()}&nonce=other`), message('<Content>x</Content><MsgId>1</MsgId>'));
  expect(answer.status).toBe(400);
});

test('404 for an unknown account, by either method', async () => {
  expect((await post(`${ingress.url}/wx/wxnobody?${signed()}`, '')).status).toBe(404);
  expect((await get(`${ingress.url}/wx/wxnobody?${signed()}`)).status).toBe(404);
  expect((await get(`${ingress.url}/wx/${plain.appid}/more`)).status).toBe(404);
  expect((await get(`${ingress.url}/elsewhere`)).status).toBe(404);
});

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)('405 for %s', async (method) => {
  const { statusCode, headers, body } = await request(`${ingress.url}/wx`, { method });
  await body.dump();
  expect([statusCode, headers['allow']]).toEqual([405, 'GET, POST']);
});

const limit = 128 * 1024;
const ofSize = (size: number, openid: string) => {
  const [head, tail] = message(`<Content>|</Content><MsgId>${size}</MsgId>`).replace('o-evil', openid).split('|') as [
    string,
    string,
  ];
  return head + 'x'.repeat(size - head.length - tail.length) + tail;
};

test('128 KiB are taken, one byte more is 413', async () => {
  expect((await post(plainUrl(), ofSize(limit, 'o-taken-big'))).status).toBe(200);
  expect((await post(plainUrl(), ofSize(limit + 1, 'o-too-big'))).status).toBe(413);
});

test('413 also when the length is not announced', async () => {
  async function* chunks() {
    for (let sent = 0; sent < 2 * limit; sent += 8192) yield Buffer.alloc(8192, 'x');
  }
  const { statusCode, body } = await request(plainUrl(), { method: 'POST', body: Readable.from(chunks()) });
  await body.dump();
  expect(statusCode).toBe(413);
});

test('413 for what announces a gigabyte, before any of it is sent', async () => {
  const { port } = new URL(ingress.url);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`POST /wx/${plain.appid}?${signed()} HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n`),
    );
    socket.on('error', reject).on('data', (chunk) => {
      resolve(chunk.toString());
      socket.destroy();
    });
  });
  expect(answer).toContain('HTTP/1.1 413');
});

test('401 for a stranger with a big body, which is not read', async () => {
  const query = signed({ signature: '0'.repeat(40) });
  expect((await post(plainUrl(query), ofSize(100_000, 'o-stranger'))).status).toBe(401);
});

test('a refusal echoes nothing of what came', async () => {
  const marker = 'm4rk3r';
  const answers = await Promise.all([
    post(plainUrl(`signature=${marker}&timestamp=${marker}&nonce=${marker}`), marker),
    post(plainUrl(), `<xml><${marker}>&${marker};</${marker}></xml>`),
    post(`${ingress.url}/wx/${marker}`, marker),
    get(`${ingress.url}/wx?echostr=${marker}&signature=${marker}`),
    push(ingress.url, { ...safe, mode: 'plaintext' }, event(marker, 'CLICK', { EventKey: marker })),
  ]);
  for (const { status, body, headers } of answers) {
    expect([400, 401, 404]).toContain(status);
    expect(body + JSON.stringify(headers)).not.toContain(marker);
  }
});

test('WECHAT_MAX_AGE_SECONDS=0 takes recorded pushes of any age', async () => {
  const lenient = await startIngress(system, { accounts: [plain], env: { WECHAT_MAX_AGE_SECONDS: '0' } });
  try {
    expect((await push(lenient.url, plain, text('o-taken-old'), { timestamp: 1_600_000_000 })).status).toBe(200);
  } finally {
    await lenient.stop();
  }
});

test('nothing that was refused here reached the topic', async () => {
  await push(ingress.url, plain, text('o-taken-last'));
  const openids = await until(() => {
    const seen = system.taken.map((taken) => taken.push.openid);
    return seen.includes('o-taken-last') && seen;
  }, 'the last push is on the topic');
  expect(openids.filter((openid) => !openid.startsWith('o-taken'))).toEqual([]);
});
