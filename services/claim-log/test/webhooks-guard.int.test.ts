import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { receiver } from './receiver.ts';
import { claimed, logSystem } from './system.ts';
import type { LogSystem } from './system.ts';
import { webhookClient } from './webhook-client.ts';

jest.setTimeout(60_000);

let system: LogSystem;
let client: ReturnType<typeof webhookClient>;
beforeAll(async () => {
  system = await logSystem('claim-log-guard', { WEBHOOK_ALLOW_PRIVATE: 'off', WEBHOOKS_MAX: '2' });
  client = webhookClient(system);
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

test.each([
  'http://example.com/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://10.0.0.7/',
  'https://192.168.1.1:8443/x',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/',
  'https://0.0.0.0/',
  'https://[::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[fd00::1]/',
  'https://[fe80::1]/',
  'https://[64:ff9b::a00:1]/',
  'https://localhost/',
  'https://anything.localhost/',
])('%s is refused when it is registered', async (url) => {
  expect(await client.call('POST', '', { url })).toEqual({
    status: 400,
    body: { error: 'invalid', message: expect.stringContaining('url') },
  });
});

test('a name that leads into the inner network is refused when connecting, for pings and for events', async () => {
  await using team = await receiver();
  const { id } = await client.create({ url: 'https://example.com/', campaign: 'inner' });
  // A name that has come to stand for an inner address since it was registered.
  const inner = team.url.replace('127.0.0.1', 'localhost').replace('http:', 'https:');
  await system.rows('update webhook set url = $2 where id = $1', [id, inner]);
  expect((await client.call('POST', `/${id}/ping`, {})).body).toMatchObject({
    delivered: false,
    error: 'ADDRESS_REFUSED',
  });
  await system.publish([claimed('inner-1', { campaignId: 'inner', openid: 'o' })]);
  await until(async () => (await client.deliveries(id))[0]?.error === 'ADDRESS_REFUSED', 'it was tried');
  await system.rows('update webhook set url = $2 where id = $1', [id, team.url]); // and an address itself
  expect((await client.call('POST', `/${id}/ping`, {})).body).toMatchObject({ error: 'ADDRESS_REFUSED' });
  expect(team.received).toEqual([]);
  await client.call('DELETE', `/${id}`);
});

test('more webhooks than there may be are refused', async () => {
  await client.create({ url: 'https://example.com/1' });
  await client.create({ url: 'https://example.com/2' });
  expect(await client.call('POST', '', { url: 'https://example.com/3' })).toEqual({
    status: 409,
    body: { error: 'conflict', message: expect.stringContaining('2 webhooks') },
  });
});

test('their secrets stand in the store sealed', async () => {
  const [row] = await system.rows<{ secret: Buffer }>('select secret from webhook limit 1');
  expect(row!.secret.toString('latin1')).not.toContain('whsec_');
});

test('without WEBHOOK_KEY there are no webhooks, and without CLAIM_LOG_MASK_KEY nothing masked', async () => {
  await using bare = await logSystem('claim-log-bare', { WEBHOOK_KEY: '', CLAIM_LOG_MASK_KEY: '' });
  expect(await webhookClient(bare).call('GET', '')).toMatchObject({
    status: 503,
    body: { message: expect.stringContaining('WEBHOOK_KEY') },
  });
  expect(await bare.get('/events/stream')).toMatchObject({
    status: 503,
    body: { message: expect.stringContaining('CLAIM_LOG_MASK_KEY') },
  });
  expect(await bare.get('/events')).toMatchObject({ status: 200 });
});
