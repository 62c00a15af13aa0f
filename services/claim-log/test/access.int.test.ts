import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { receiver } from './receiver.ts';
import { readStream } from './stream-reader.ts';
import { claimed, logSystem } from './system.ts';
import type { Item, LogSystem } from './system.ts';
import { webhookClient } from './webhook-client.ts';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'readers-'));
const file = join(folder, 'readers.json');
const tokenSha256 = (token: string) => createHash('sha256').update(token).digest('hex');
writeFileSync(
  file,
  JSON.stringify([
    { name: 'crm', tokenSha256: tokenSha256('crm-token'), role: 'personal', manages: true },
    { name: 'data', tokenSha256: tokenSha256('data-token'), role: 'masked', manages: true },
    { name: 'support', tokenSha256: tokenSha256('support-token'), role: 'personal' },
    { name: 'board', tokenSha256: tokenSha256('board-token'), role: 'masked' },
  ]),
);

let system: LogSystem;
beforeAll(async () => {
  system = await logSystem('claim-log-access', { CLAIM_LOG_READERS_FILE: file, WEBHOOK_ALLOW_PRIVATE: 'on' });
  await system.publish(
    Array.from({ length: 3 }, (_, n) => claimed(`seen-${n}`, { campaignId: 'seen', openid: `oPerson${n % 2}` })),
  );
  await system.settled();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const get = async (path: string, token?: string) => {
  const response = await fetch(system.url() + path, token === undefined ? {} : { headers: bearer(token) });
  return {
    status: response.status,
    body: (await response.json()) as { items: Item[]; next: string | null; message?: string },
  };
};

test.each(['/events', '/events/stream', '/counts', '/campaigns/seen/counts', '/webhooks'])(
  '%s needs a token of a reader',
  async (path) => {
    for (const token of [undefined, 'wrong', 'crm-token-and-more', tokenSha256('crm-token')])
      expect(await get(path, token)).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
  },
);

test('health and metrics need none', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics']) expect((await fetch(system.url() + path)).status).toBe(200);
});

test('personal readers see everything; masked ones the same follower by the same name, and no ids that lead to him', async () => {
  const { items: all } = (await get('/events?campaign=seen', 'support-token')).body;
  const { items: masked } = (await get('/events?campaign=seen', 'board-token')).body;
  expect(all.map(({ openid }) => openid).toSorted()).toEqual(['oPerson0', 'oPerson0', 'oPerson1']);
  const names = new Map(masked.map(({ code, openid }) => [code, openid]));
  expect(names.get('seen-0')).toBe(names.get('seen-2'));
  expect(names.get('seen-1')).not.toBe(names.get('seen-0'));
  for (const { id, openid } of all) {
    expect(JSON.stringify(masked)).not.toContain(id);
    expect(JSON.stringify(masked)).not.toContain(openid);
  }
  expect(masked.map(({ code }) => code).toSorted()).toEqual(['seen-0', 'seen-1', 'seen-2']);
});

test('a masked reader pages by closed cursors and cannot ask for a follower', async () => {
  const codes: (string | null)[] = [];
  for (let cursor = ''; ;) {
    const { body } = await get(`/events?campaign=seen&limit=1${cursor}`, 'board-token');
    codes.push(...body.items.map(({ code }) => code));
    if (body.next === null) break;
    for (const { id } of (await get('/events?campaign=seen', 'crm-token')).body.items)
      expect(Buffer.from(body.next, 'base64url').toString('latin1')).not.toContain(id);
    cursor = `&cursor=${body.next}`;
  }
  expect(codes.toSorted()).toEqual(['seen-0', 'seen-1', 'seen-2']);
  expect(await get('/events?openid=oPerson0', 'board-token')).toMatchObject({ status: 401 });
  expect(await get('/events?openid=oPerson0', 'crm-token')).toMatchObject({ status: 200 });
  expect(await get('/events?cursor=MDsx', 'board-token')).toMatchObject({ status: 400 });
});

test('streams show what the reader may see', async () => {
  const read = (token: string) =>
    readStream(`${system.url()}/events/stream?campaign=seen&from=beginning`, bearer(token));
  const [personal, masked] = [read('support-token'), read('board-token')];
  await until(() => personal.events.length === 3 && masked.events.length === 3, 'all');
  expect(personal.events.every(({ event }) => event.openid!.startsWith('oPerson'))).toBe(true);
  expect(masked.events.every(({ event }) => event.openid!.startsWith('follower:'))).toBe(true);
  expect(personal.events.map(({ id }) => id)).toEqual(masked.events.map(({ id }) => id));
  await Promise.all([personal.close(), masked.close()]);
});

test('a webhook is its owner’s alone, and shows what he may see', async () => {
  await using crmTeam = await receiver();
  await using dataTeam = await receiver();
  const [crm, data] = [webhookClient(system, 'crm-token'), webhookClient(system, 'data-token')];
  const hook = await crm.create({ url: crmTeam.url, campaign: 'seen', from: 'beginning' });
  await data.create({ url: dataTeam.url, campaign: 'seen', from: 'beginning' });
  await until(() => crmTeam.received.length === 3 && dataTeam.received.length === 3, 'both have all');
  expect(crmTeam.received.every(({ message }) => message.data.openid!.startsWith('oPerson'))).toBe(true);
  expect(dataTeam.received.every(({ message }) => message.data.openid!.startsWith('follower:'))).toBe(true);
  expect((await data.call<{ items: object[] }>('GET', '')).body.items).toHaveLength(1);
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/ping'],
    ['POST', '/rotate'],
    ['GET', '/deliveries'],
  ] as const)
    expect(await data.call(method, `/${hook.id}${path}`, method === 'GET' ? undefined : {})).toMatchObject({
      status: 404,
    });
  expect(await webhookClient(system, 'support-token').call('GET', '')).toMatchObject({ status: 401 });
});

test('a webhook whose owner is no reader any more gets nothing; others may only look at it and delete it', async () => {
  await using team = await receiver();
  const crm = webhookClient(system, 'crm-token');
  const hook = await crm.create({ url: team.url, campaign: 'orphan' });
  await system.rows(`update webhook set owner = 'left' where id = $1`, [hook.id]);
  await system.publish([claimed('orphan-1', { campaignId: 'orphan', openid: 'o' })]);
  await until(async () => (await crm.show(hook.id)).behind > 0, 'it is behind');
  expect(await crm.change(hook.id, { paused: false })).toMatchObject({ status: 404 });
  expect(await crm.call('DELETE', `/${hook.id}`)).toMatchObject({ status: 204 });
  expect(team.received).toEqual([]);
});
