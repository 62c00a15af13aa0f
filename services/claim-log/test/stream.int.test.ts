import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { readStream } from './stream-reader.ts';
import { atMs, claimed, created, logSystem, refused } from './system.ts';
import type { LogSystem } from './system.ts';

jest.setTimeout(90_000);

let system: LogSystem;
beforeAll(async () => {
  system = await logSystem('claim-log-stream', { EVENT_STREAM_HEARTBEAT_MS: '100', EVENT_STREAMS_MAX: '4' });
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

const claims = (campaignId: string, count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => claimed(`${campaignId}-${first + n}`, { campaignId, openid: `o${n}` }));
const numbers = (campaignId: string, count: number) => Array.from({ length: count }, (_, n) => `${campaignId}-${n}`);
const stream = (query: string, headers?: Record<string, string>) =>
  readStream(`${system.url()}/events/stream?${query}`, headers);
const begun = (reader: ReturnType<typeof stream>) => until(() => reader.lastEventId !== '', 'the stream has begun');

test('from now: what is written after, as it is written, and heartbeats meanwhile', async () => {
  await system.publish(claims('before', 3));
  await system.settled();
  const reader = stream('');
  await begun(reader);
  await system.publish([created({ campaignId: 'now' }), ...claims('now', 5)]);
  await until(() => reader.events.length === 6, 'six events');
  expect(new Set(reader.codes())).toEqual(new Set([null, ...numbers('now', 5)]));
  const { beats } = reader;
  await until(() => reader.beats > beats + 1, 'heartbeats');
  await reader.close();
});

test('filters are those of GET /events; several types may be asked for', async () => {
  await system.publish([
    ...claims('filtered', 4),
    ...claims('other', 4),
    refused({ campaignId: 'filtered', openid: 'o9' }),
    created({ campaignId: 'filtered' }),
  ]);
  await system.settled();
  const all = stream('from=beginning&campaign=filtered');
  const some = stream('from=beginning&campaign=filtered&type=coupon.claim_refused,campaign.created');
  const one = stream('from=beginning&code=filtered-2');
  await until(() => all.events.length === 6 && some.events.length === 2 && one.events.length === 1, 'all are there');
  expect(new Set(some.events.map(({ event }) => event.type))).toEqual(
    new Set(['coupon.claim_refused', 'campaign.created']),
  );
  await Promise.all([all.close(), some.close(), one.close()]);
});

test('an instant begins at the first event of that time, whatever the time of those before', async () => {
  await system.publish(claims('early', 2));
  await system.settled();
  await system.publish([
    claimed('at-1', { campaignId: 'at', openid: 'o', timeMs: atMs + 3_600_000 }),
    claimed('at-2', { campaignId: 'at', openid: 'o', timeMs: atMs + 7_200_000 }),
  ]);
  await system.settled();
  const first = stream(`campaign=at&from=${new Date(atMs + 3_600_000).toISOString()}`);
  const second = stream(`campaign=at&from=${new Date(atMs + 3_600_001).toISOString()}`);
  const none = stream(`from=2099-01-01T00:00:00Z`);
  await until(() => first.events.length === 2 && second.events.length === 1, 'both began');
  expect([second.codes(), none.events]).toEqual([['at-2'], []]);
  await Promise.all([first.close(), second.close(), none.close()]);
});

test('cut off anywhere and resumed by Last-Event-ID, nothing is missed or doubled while events pour in', async () => {
  let pouring = true;
  const poured = (async () => {
    let count = 0;
    for (; pouring && count < 20_000; count += 100) await system.publish(claims('poured', 100, count));
    return count;
  })();
  const seen: string[] = [];
  let lastEventId = '';
  for (let cut = 0; cut < 8; cut++) {
    const reader = stream('campaign=poured&from=beginning', lastEventId === '' ? {} : { 'last-event-id': lastEventId });
    await until(() => reader.events.length > 150, 'more events');
    await reader.close();
    seen.push(...reader.codes().map(String));
    ({ lastEventId } = reader);
  }
  pouring = false;
  const count = await poured;
  const last = stream(`campaign=poured&lastEventId=${lastEventId}`);
  await until(() => seen.length + last.events.length >= count, 'the rest', 30_000);
  seen.push(...last.codes().map(String));
  expect([seen.length, new Set(seen).size]).toEqual([count, count]);
  const ids = last.events.map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  await last.close();
});

test('a process killed under its readers: they go on at another where they were', async () => {
  const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
  const child = spawn(process.execPath, [bin], {
    env: { ...process.env, ...system.env, CLAIM_LOG_PORT: '0', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = await until(() => /"url":"([^"]+)","msg":"ready"/.exec(said)?.[1], 'the child listens', 30_000);
  const reader = readStream(`${url}/events/stream?campaign=killed`);
  await until(() => reader.lastEventId !== '', 'it reads there');
  await system.publish(claims('killed', 10));
  await until(() => reader.events.length === 10, 'ten events, by whoever wrote them');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await reader.done;
  await system.publish(claims('killed', 10, 10));
  const again = stream('campaign=killed', { 'last-event-id': reader.lastEventId });
  await until(() => again.events.length === 10, 'ten more', 45_000); // its partitions come back when its session is over
  expect(new Set([...reader.codes(), ...again.codes()])).toEqual(new Set(numbers('killed', 20)));
  await again.close();
});

test('a reader that does not read is waited for: nothing is read ahead of him, and then he gets it all', async () => {
  const many = 20_000;
  for (let first = 0; first < many; first += 2000) await system.publish(claims('slow', 2000, first));
  await system.settled();
  const before = await metric('lingquan_event_stream_events_total');
  const { port, hostname } = new URL(system.url());
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(`GET /events/stream?campaign=slow&from=beginning HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await until(async () => (await metric('lingquan_event_streams')) === 1, 'his stream is open');
  const reader = stream('campaign=slow&from=beginning');
  await until(() => reader.events.length === many, 'another has read it all meanwhile', 30_000);
  await reader.close();
  const handed = (await metric('lingquan_event_stream_events_total')) - before - many;
  expect(handed).toBeLessThan(many); // the rest of what he was handed stands in the buffers of his socket

  let seen = 0;
  let cut = '';
  socket.on('data', (chunk: Buffer) => {
    const parts = (cut + chunk.toString('latin1')).split('"code":"slow-');
    seen += parts.length - 1;
    cut = parts.at(-1)!.slice(-20);
  });
  socket.resume();
  await until(() => seen === many, 'he gets the rest', 30_000);
  socket.destroy();
  await until(async () => (await metric('lingquan_event_streams')) === 0, 'both places are free');
});

const metric = async (name: string) =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`${system.url()}/metrics`)).text())![1]);

test('more streams than there are places get 503 and are told; a place is free again when its reader leaves', async () => {
  const readers = Array.from({ length: 4 }, () => stream(''));
  await Promise.all(readers.map(begun));
  const { status, body } = await system.get('/events/stream');
  expect([status, body]).toEqual([503, { error: 'unavailable', message: expect.stringContaining('4 streams') }]);
  await readers[0]!.close();
  await until(async () => (await metric('lingquan_event_streams')) === 3, 'a place is free');
  const another = stream('');
  await begun(another);
  await Promise.all([...readers, another].map((reader) => reader.close()));
});

test.each([
  ['from=yesterday', 400, 'from'],
  ['lastEventId=x', 400, 'lastEventId'],
  ['lastEventId=999999999', 400, 'beyond the end'],
  ['limit=5', 400, 'limit'],
  ['to=2026-11-21T08:00:00Z', 400, 'to'],
  ['type=a&type=b', 400, 'type'],
  ['openid=o1', 401, 'personal'],
])('%s is refused', async (query, status, words) => {
  const answer = await system.get(`/events/stream?${query}`);
  expect(answer).toEqual({ status, body: expect.objectContaining({ message: expect.stringContaining(words) }) });
});

test('who needs no token sees followers masked: the same everywhere, nothing that leads back', async () => {
  await system.publish([
    claimed('masked-1', { campaignId: 'masked', openid: 'oSecret' }),
    claimed('masked-2', { campaignId: 'masked', openid: 'oSecret' }),
  ]);
  const reader = stream('campaign=masked&from=beginning');
  await until(() => reader.events.length === 2, 'both');
  const [first, second] = reader.events.map(({ event }) => event);
  expect(first!.openid).toMatch(/^follower:[0-9a-f]{16}$/);
  expect(second!.openid).toBe(first!.openid);
  const { items } = await system.page('campaign=masked');
  const known = items.flatMap(({ id, openid }) => [id, openid!]);
  for (const text of [...known, 'traceparent']) expect(JSON.stringify(reader.events)).not.toContain(text);
  await reader.close();
});

test('stopping ends the streams instead of waiting for them', async () => {
  const reader = stream('');
  await begun(reader);
  await system.stop();
  await expect(reader.done).resolves.toBeUndefined();
  await system.launch();
});
