import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { Webhook } from 'standardwebhooks';
import { receiver } from './receiver.ts';
import { atMs, claimed, created, logSystem, refused } from './system.ts';
import type { LogSystem } from './system.ts';
import { webhookClient } from './webhook-client.ts';

jest.setTimeout(60_000);

let system: LogSystem;
let client: ReturnType<typeof webhookClient>;
beforeAll(async () => {
  system = await logSystem('claim-log-hooks', {
    WEBHOOK_TIMEOUT_MS: '2000',
    WEBHOOK_RETRY_FIRST_MS: '50',
    WEBHOOK_RETRY_HOURS: '0.01',
  });
  client = webhookClient(system);
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

const claims = (campaignId: string, count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => claimed(`${campaignId}-${first + n}`, { campaignId, openid: `o${n}` }));
const numbers = (campaignId: string, count: number) => Array.from({ length: count }, (_, n) => `${campaignId}-${n}`);

test('what is written is sent once, signed as Standard Webhooks say, masked, and noted', async () => {
  await using team = await receiver();
  const { id, secret, ...shown } = await client.create({ url: team.url, campaign: 'sent', description: 'CRM' });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(shown).toMatchObject({ state: 'active', owner: 'local', description: 'CRM', pending: 0, behind: 0 });
  await system.publish([...claims('sent', 50), ...claims('not-asked-for', 5)]);
  await until(() => team.received.length === 50, 'fifty messages');
  expect(new Set(team.codes())).toEqual(new Set(numbers('sent', 50)));
  team.verifyAll(secret);
  const { headers, message, body } = team.received[0]!;
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': message.data.id });
  expect(message).toMatchObject({ type: 'coupon.claimed', timestamp: message.data.time });
  expect(message.data.openid).toMatch(/^follower:[0-9a-f]{16}$/);
  const { items } = await system.page('campaign=sent');
  for (const item of items) expect(body).not.toContain(item.id);

  await until(async () => (await client.deliveries(id, 'state=delivered')).length === 50, 'all are noted');
  const [line] = await client.deliveries(id);
  expect(line).toMatchObject({ state: 'delivered', attempts: 1, answerStatus: 204, error: null, nextTryAt: null });
  const listed = await client.call<{ items: object[] }>('GET', '');
  expect(JSON.stringify(listed.body)).not.toContain('whsec_');
  expect(await client.call('DELETE', `/${id}`)).toMatchObject({ status: 204 });
  expect(await client.call('GET', `/${id}`)).toMatchObject({ status: 404 });
});

test('only the types asked for', async () => {
  await using team = await receiver();
  await client.create({ url: team.url, types: ['coupon.claim_refused', 'campaign.created'], campaign: 'types' });
  await system.publish([
    ...claims('types', 3),
    refused({ campaignId: 'types', openid: 'o' }),
    created({ campaignId: 'types' }),
  ]);
  await until(() => team.received.length === 2, 'two messages');
  expect(team.received.map(({ message }) => message.type).toSorted()).toEqual([
    'campaign.created',
    'coupon.claim_refused',
  ]);
});

test('failures, time-outs and redirects are tried again under the same id, until it is taken', async () => {
  await using team = await receiver();
  const kinds = [
    (response: Parameters<typeof team.answer>[0]) => void response.writeHead(500).end(),
    () => {}, // no answer at all
    (response: Parameters<typeof team.answer>[0]) => void response.writeHead(302, { location: team.url }).end(),
    (response: Parameters<typeof team.answer>[0]) => void response.socket!.destroy(),
    (response: Parameters<typeof team.answer>[0]) => void response.writeHead(200).end('ok'),
  ];
  team.answer = (response) => kinds[team.received.length - 1]!(response);
  const { id, secret } = await client.create({ url: team.url, campaign: 'failing' });
  await system.publish(claims('failing', 1));
  await until(() => team.received.length === 5, 'five tries');
  expect(new Set(team.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  team.verifyAll(secret);
  await until(async () => (await client.deliveries(id))[0]?.state === 'delivered', 'it is noted');
  expect(await client.deliveries(id)).toMatchObject([{ attempts: 5, answerStatus: 200, error: null }]);
});

test('what is never taken is failed in the log after its time', async () => {
  await using team = await receiver();
  team.answer = (response) => void response.writeHead(503).end();
  const { id } = await client.create({ url: team.url, campaign: 'never' });
  await system.publish(claims('never', 1));
  await until(async () => (await client.deliveries(id))[0]?.attempts === 2, 'it was tried twice');
  const [waiting] = await client.deliveries(id);
  expect(waiting).toMatchObject({ state: 'pending', answerStatus: 503, nextTryAt: expect.any(String) });
  await system.rows(
    `update webhook_delivery set first_at = now() - interval '1 minute', due_at = now() where webhook_id = $1`,
    [id],
  );
  await until(async () => (await client.deliveries(id))[0]?.state === 'failed', 'it failed');
  expect((await client.deliveries(id))[0]).toMatchObject({ nextTryAt: null, answerStatus: 503 });
});

test('410 Gone ends a webhook until its owner says otherwise; then it goes on where it was', async () => {
  await using team = await receiver();
  team.answer = (response) => void response.writeHead(410).end();
  const { id } = await client.create({ url: team.url, campaign: 'gone' });
  await system.publish(claims('gone', 1));
  await until(async () => (await client.show(id)).state === 'gone', 'it is disabled');
  const before = team.received.length;
  await system.publish(claims('gone', 3, 1));
  await system.settled();
  await until(async () => (await client.show(id)).behind >= 3, 'it is behind');
  expect(team.received.length).toBe(before);
  team.answer = (response) => void response.writeHead(200).end();
  expect((await client.change(id, { paused: false })).body).toMatchObject({ state: 'active' });
  await until(() => team.received.length === before + 3, 'the three that came meanwhile');
  expect(await client.deliveries(id, 'state=failed')).toHaveLength(1);
});

test('paused, nothing is sent; resumed, nothing is missed; a new address gets what is sent from then on', async () => {
  await using team = await receiver();
  await using next = await receiver();
  const { id } = await client.create({ url: team.url, campaign: 'paused' });
  await client.change(id, { paused: true });
  await system.publish(claims('paused', 4));
  await system.settled();
  await until(async () => (await client.show(id)).behind >= 4, 'it is behind');
  expect(team.received).toEqual([]);
  await client.change(id, { url: next.url, paused: false });
  await until(() => next.received.length === 4, 'all four');
  expect(team.received).toEqual([]);
});

test('while a secret changes both sign; then the old one does no more', async () => {
  await using team = await receiver();
  const { id, secret: old } = await client.create({ url: team.url, campaign: 'rotated' });
  const { body } = await client.call<{ secret: string; previousSecretUntil: string }>('POST', `/${id}/rotate`, {});
  expect(body.secret).not.toBe(old);
  expect(Date.parse(body.previousSecretUntil)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  await system.publish(claims('rotated', 1));
  await until(() => team.received.length === 1, 'the first');
  team.verifyAll(body.secret);
  team.verifyAll(old);
  const again = await client.call<{ secret: string; previousSecretUntil: null }>('POST', `/${id}/rotate`, {
    keepHours: 0,
  });
  expect(again.body.previousSecretUntil).toBeNull();
  await system.publish(claims('rotated', 1, 1));
  await until(() => team.received.length === 2, 'the second');
  const { headers, body: text } = team.received[1]!;
  const verify = (secret: string) => new Webhook(secret).verify(text, headers as Record<string, string>);
  verify(again.body.secret);
  expect(() => verify(body.secret)).toThrow('No matching signature');
});

test('again from any time: the beginning, an instant, an event', async () => {
  await using team = await receiver();
  await system.publish([
    ...claims('again', 5),
    claimed('again-5', { campaignId: 'again', openid: 'o', timeMs: atMs + 86_400_000 }),
  ]);
  await system.settled();
  const { id } = await client.create({ url: team.url, campaign: 'again' });
  const resend = (from: string) => client.call('POST', `/${id}/resend`, { from });
  await resend('beginning');
  await until(() => team.received.length === 6, 'all six');
  const last = team.received.find(({ message }) => message.data.code === 'again-5')!;
  await until(async () => (await client.show(id)).pending === 0, 'all are noted');
  await resend(new Date(atMs + 86_400_000).toISOString());
  await until(() => team.codes().filter((code) => code === 'again-5').length === 2, 'the one of that time');
  await until(async () => (await client.show(id)).pending === 0, 'it is noted');
  await resend(last.headers['webhook-id'] as string);
  await until(() => team.codes().filter((code) => code === 'again-5').length === 3, 'that event');
  expect(await resend('11111111-1111-8111-8111-111111111111')).toMatchObject({ status: 404 });
  expect(await resend('yesterday')).toMatchObject({ status: 400 });
  await using other = await receiver();
  await client.create({ url: other.url, campaign: 'again', from: 'beginning' });
  await until(() => other.received.length === 6, 'a new one may begin anywhere');
});

test('ping says what came of one message', async () => {
  await using team = await receiver();
  const { id, secret } = await client.create({ url: team.url });
  expect((await client.call('POST', `/${id}/ping`, {})).body).toMatchObject({
    delivered: true,
    answerStatus: 204,
    error: null,
  });
  expect(team.received[0]!.message).toMatchObject({ type: 'webhook.ping', data: { webhookId: id } });
  team.verifyAll(secret);
  team.answer = () => {};
  expect((await client.call('POST', `/${id}/ping`, {})).body).toMatchObject({ delivered: false, error: 'TIMEOUT' });
  await client.change(id, { url: 'http://127.0.0.1:1/' });
  expect((await client.call('POST', `/${id}/ping`, {})).body).toMatchObject({
    delivered: false,
    error: 'ECONNREFUSED',
  });
  await client.call('DELETE', `/${id}`);
});

test('a receiver that does not answer holds up no other', async () => {
  await using silent = await receiver();
  await using team = await receiver();
  silent.answer = () => {};
  const { id } = await client.create({ url: silent.url, campaign: 'silent' });
  await client.create({ url: team.url, campaign: 'silent' });
  await system.publish(claims('silent', 300));
  await until(() => team.received.length === 300, 'the other has all');
  expect(silent.received.length).toBeLessThan(100);
  expect(await client.show(id)).toMatchObject({ state: 'active', pending: 300 });
  await client.call('DELETE', `/${id}`);
});

test.each([
  [{ url: 'ftp://example.com/' }, 'url'],
  [{ url: 'https://name:word@example.com/' }, 'url'],
  [{ url: 'https://example.com/#part' }, 'url'],
  [{ types: ['coupon.claimed'] }, 'url'],
  [{ url: 'https://example.com/', types: [] }, 'types'],
  [{ url: 'https://example.com/', role: 'personal' }, 'role'],
  [{ url: 'https://example.com/', from: 'yesterday' }, 'from'],
])('%j is refused', async (terms, words) => {
  const answer = await client.call('POST', '', terms);
  expect(answer).toEqual({ status: 400, body: { error: 'invalid', message: expect.stringContaining(words) } });
});

test('a page of another site that makes a browser here post is refused, and what a proxy hands on', async () => {
  const proxied = await fetch(`${system.url()}/webhooks`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
  expect(proxied.status).toBe(401);
  const post = (headers: Record<string, string>) =>
    fetch(`${system.url()}/webhooks`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ url: 'https://example.com/' }),
    });
  expect((await post({ 'content-type': 'text/plain' })).status).toBe(400);
  expect((await post({})).status).toBe(400);
});

test('deliveries are paged, the newest first', async () => {
  await using team = await receiver();
  const { id } = await client.create({ url: team.url, campaign: 'listed' });
  await system.publish(claims('listed', 7));
  await until(async () => (await client.deliveries(id, 'state=delivered')).length === 7, 'all are noted');
  const ids: number[] = [];
  for (let cursor = ''; ;) {
    const { body } = await client.call<{ items: { id: number }[]; next: string | null }>(
      'GET',
      `/${id}/deliveries?limit=3${cursor}`,
    );
    ids.push(...body.items.map((item) => item.id));
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(ids).toHaveLength(7);
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
});

test('the log forgets after thirty days what is over, and keeps the newest hundred thousand', async () => {
  await using team = await receiver();
  const { id } = await client.create({ url: team.url, campaign: 'old' });
  await system.publish(claims('old', 3));
  await until(async () => (await client.deliveries(id, 'state=delivered')).length === 3, 'all are noted');
  await system.rows(`update webhook_delivery set created_at = now() - interval '31 days' where webhook_id = $1`, [id]);
  const { id: busy } = await client.create({ url: team.url, campaign: 'busy' });
  await system.rows(
    `insert into webhook_delivery (webhook_id, number, occurred_at, event_id, type, state)
     select $1, n, now(), gen_random_uuid(), 'coupon.claimed', 'delivered' from generate_series(1, 107000) n`,
    [busy],
  );
  await system.stop();
  await system.launch(); // it looks at the start, then every minute
  await until(async () => (await client.deliveries(id)).length === 0, 'they are gone');
  const kept = () =>
    system.rows<{ n: string; first: string }>(
      'select count(*) as n, min(number) as first from webhook_delivery where webhook_id = $1',
      [busy],
    );
  await until(async () => (await kept())[0]!.n === '100000', 'the newest are kept');
  expect((await kept())[0]!.first).toBe('7001');
  expect(await client.show(id)).toMatchObject({ state: 'active', pending: 0 });
});
