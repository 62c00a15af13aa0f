import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPush, textOf, textReply } from '@lingquan/wechat';
import type { Account } from '@lingquan/wechat';
import { lingquan } from './lingquan.ts';

const account: Account = {
  appid: 'wx0000000000000001',
  kind: 'official-account',
  secret: 'secret',
  token: 'token',
  mode: 'plaintext',
  format: 'xml',
};
const folder = mkdtempSync(join(tmpdir(), 'lingquan-load-'));

/** Opens every push as ingress does and answers with a code made of the openid; a few with something else. */
const pushes: { openid: string; text: string; msgId: string }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const url = new URL(request.url!, 'http://localhost');
    const query = Object.fromEntries(url.searchParams);
    const { fields } = openPush(account, { query, body: Buffer.concat(chunks), now: Date.now() / 1000 });
    const openid = textOf(fields, 'FromUserName')!;
    pushes.push({ openid, text: textOf(fields, 'Content')!, msgId: textOf(fields, 'MsgId')! });
    answer(response, pushes.length, openid);
  });
});

function answer(response: ServerResponse, place: number, openid: string): void {
  const content = `领取成功\n券码：${openid.slice(0, 8)}`;
  if (place % 10 === 0) response.writeHead(503).end();
  else if (place % 10 === 1) response.end('success');
  else response.end(textReply({ to: openid, from: 'gh_1', createTime: 1, content }));
}

let ingressUrl = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ingressUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function load(...args: string[]) {
  pushes.length = 0;
  const { appid, secret, token } = account;
  const env = { INGRESS_URL: ingressUrl, WECHAT_APP_ID: appid, WECHAT_APP_SECRET: secret, WECHAT_TOKEN: token };
  return lingquan(env, 'load', '--json', ...args);
}

test('pushes are signed as WeChat signs them, distinct, and counted by their answer', async () => {
  const { code, json } = await load('--connections', '8', '--requests', '100', '--keyword', '春天');
  expect(code).toBe(0);
  expect(json()).toMatchObject({ sent: 100, answers: { code: 80, success: 10, 'http 503': 10 } });
  expect(new Set(pushes.map(({ openid }) => openid)).size).toBe(100);
  expect(new Set(pushes.map(({ msgId }) => msgId)).size).toBe(100);
  expect(new Set(pushes.map(({ text }) => text))).toEqual(new Set(['春天']));
});

test('one follower may send everything, at a fixed rate', async () => {
  const { json } = await load('--rate', '2000', '--requests', '60', '--followers', '1', '--seed', 'a');
  expect(json()).toMatchObject({ sent: 60, pace: { kind: 'open', ratePerSecond: 2000 } });
  expect(new Set(pushes.map(({ openid }) => openid)).size).toBe(1);
});

test('the codes answered are written, one line each', async () => {
  const file = join(folder, 'answers.jsonl');
  await load('--requests', '20', '--connections', '2', '--out', file);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const told = lines.map((line) => JSON.parse(line) as { openid: string; code: string });
  expect(told).toHaveLength(16);
  for (const { openid, code } of told) expect(code).toBe(openid.slice(0, 8));
});

test('an ingress that is not there ends with 1 and says how to start it', async () => {
  const there = ingressUrl;
  ingressUrl = 'http://127.0.0.1:9';
  expect(await load('--requests', '3')).toMatchObject({ code: 1, err: expect.stringContaining('npm start') });
  ingressUrl = there;
});

test('two paces at once, or a wrong number, end with 2', async () => {
  expect(await load('--rate', '10', '--connections', '3')).toMatchObject({ code: 2 });
  expect(await load('--followers', 'many')).toMatchObject({ code: 2 });
});
