import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Account } from '@lingquan/accounts';
import { pushId } from '@lingquan/events';
import { dedupeKey, textOf } from '@lingquan/wechat';
import type { Fields } from '@lingquan/wechat';
import { until } from '@lingquan/test-kit';
import { account, openSystem, startIngress } from './system.ts';
import type { System } from './system.ts';
import { get, post, readReply } from './wechat.ts';

type Config = { token: string; encodingAESKey: string; previousEncodingAESKey?: string; appid: string };
type PushVector = {
  id: string;
  note: string;
  config: Config;
  request: { rawQuery: string; contentType: string; body: string };
  expected: { outcome: string; parsed?: Fields; parsed_json?: Fields; usedKey?: string };
};
type UrlVector = { id: string; config: { token: string }; rawQuery: string; outcome: string; response_body?: string };
const file = new URL('../../../packages/wechat/test-vectors/wechat-vectors.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  url_signature: UrlVector[];
  encrypted_push: PushVector[];
  encrypted_push_negative: PushVector[];
};

/** Clear fields beside Encrypt: compatible mode. JSON and the second appid: a mini program. */
function accountOf({ config, request: { body } }: PushVector): Account {
  const isMiniProgram = config.appid === 'wx46d6cd99a1e20bfa';
  return account({
    ...config,
    kind: isMiniProgram ? 'mini-program' : 'official-account',
    format: body.startsWith('{') ? 'json' : 'xml',
    mode: body.includes('FromUserName') && body.includes('Encrypt>') ? 'compatible' : 'safe',
    isDefault: false,
  });
}

let system: System;
let clockMs = 0;
const seen = new Set<string>();
const ingresses = new Map<string, ReturnType<typeof startIngress>>();

/** An ingress serving just this account: the vectors use one appid with several keys and modes. */
function ingressOf(one: Account) {
  const key = JSON.stringify(one);
  const running = ingresses.get(key) ?? startIngress(system, { accounts: [one], now: () => clockMs });
  ingresses.set(key, running);
  return running;
}

beforeAll(async () => {
  system = await openSystem('vectors');
}, 60_000);

afterAll(async () => {
  await Promise.all([...ingresses.values()].map(async (running) => (await running).stop()));
  await system?.remove();
}, 60_000);

async function send(vector: PushVector) {
  const one = accountOf(vector);
  const { url } = await ingressOf(one);
  const { rawQuery, contentType, body } = vector.request;
  clockMs = Number(new URLSearchParams(rawQuery).get('timestamp')) * 1000;
  return { one, answer: await post(`${url}/wx/${one.appid}?${rawQuery}`, body, { 'content-type': contentType }) };
}

describe('the reference vectors through the door', () => {
  test.each(vectors.encrypted_push)('$id is taken: $note', async (vector) => {
    const { one, answer } = await send(vector);
    const { parsed, parsed_json: json, usedKey } = vector.expected;
    const fields = parsed ?? json ?? {};
    const openid = textOf(fields, 'FromUserName');
    expect(answer.status).toBe(200);
    const id = pushId(one.appid, dedupeKey(fields));
    const { push } = await until(
      () => system.taken.find((taken) => taken.push.openid === openid && (json || taken.envelope.id === id)),
      'the push is on wechat.inbound',
    );
    // Three vectors that differ in padding share a MsgId: the second and third are repeats of the first.
    const isRepeat = system.taken.filter(({ envelope }) => envelope.id === id).length === 1 && seen.has(id);
    seen.add(id);
    if (parsed?.['MsgType'] === 'text' && !isRepeat)
      expect(push.content).toMatchObject({ case: 'text', value: { content: parsed['Content'] } });
    if (answer.body === 'success') return;
    const key = usedKey === 'previous' ? one.previousEncodingAESKey : one.encodingAESKey;
    expect(readReply({ ...one, encodingAESKey: key }, answer.body)['ToUserName']).toBe(openid);
  });

  const statusOf: Record<string, number> = {
    reject_signature: 401,
    reject_appid: 401,
    reject_mode: 401,
    reject_padding: 400,
    reject_length: 400,
    reject_base64: 400,
  };
  test.each(vectors.encrypted_push_negative)('$id is refused: $note', async (vector) => {
    const before = system.taken.length;
    const { answer } = await send(vector);
    expect(answer.status).toBe(statusOf[vector.expected.outcome]);
    expect(system.taken.length).toBe(before);
  });

  test.each(vectors.url_signature)(
    '$id: the check of the URL',
    async ({ config, rawQuery, outcome, response_body }) => {
      const { url } = await ingressOf(account({ token: config.token, mode: 'plaintext' }));
      const answer = await get(`${url}/wx?${rawQuery}`);
      if (outcome === 'ok') {
        expect(answer).toMatchObject({ status: 200, body: response_body });
        expect(answer.headers['content-type']).toContain('text/plain');
      } else expect(answer.status).toBe(401);
    },
  );
});
