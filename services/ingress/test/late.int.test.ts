import { uuidOf } from '@lingquan/events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { account, claimed, openSystem, startIngress } from './system.ts';
import type { System } from './system.ts';
import { get, push, text } from './wechat.ts';

/** Short, so that everything is late; long enough for a busy machine to take a hundred pushes durably. */
const WAIT_MS = '1500';

let system: System;
let ingress: Awaited<ReturnType<typeof startIngress>>;

beforeAll(async () => {
  system = await openSystem('late');
  ingress = await startIngress(system, { env: { OUTCOME_WAIT_MS: WAIT_MS } });
  system.decide = () => undefined; // the issuer is away
}, 60_000);

afterAll(async () => {
  await ingress?.stop();
  await system?.remove();
});

test('a late outcome: the notifier is told, the push is answered empty, and so is its repeat', async () => {
  const fields = text('o-late');
  const answer = await push(ingress.url, account(), fields);
  expect(answer).toMatchObject({ status: 200, body: '' });

  const [told] = await until(() => system.told.length > 0 && system.told, 'the notifier is told');
  const { envelope } = system.taken.find((taken) => taken.push.openid === 'o-late')!;
  expect(told).toEqual(
    expect.objectContaining({ causeId: envelope.id, openid: 'o-late', id: uuidOf('tell', envelope.id) }),
  );
  await until(
    async () => (await get(`${ingress.url}/metrics`)).body.includes('lingquan_pushes_under_way 0'),
    'nothing is under way',
  );
  expect(await push(ingress.url, account(), fields)).toMatchObject({ status: 200, body: '' });
  expect(system.told).toHaveLength(1);
});

test('an outcome that comes after that is read and goes nowhere', async () => {
  const taken = system.taken.find((one) => one.push.openid === 'o-late')!;
  await system.answer(taken, claimed('too-late'));
  const unclaimed = await until(
    async () => /replies_total\{use="nobody waits"\} \d+/.exec((await get(`${ingress.url}/metrics`)).body)?.[0],
    'it was read',
  );
  expect(unclaimed).toMatch(/ 1$/);
});

test('many late ones are all told and all answered', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => push(ingress.url, account(), text(`o-many-${n}`))),
  );
  expect(answers.every(({ status, body }) => status === 200 && body === '')).toBe(true);
  await until(() => system.told.filter(({ openid }) => openid.startsWith('o-many')).length === 100, 'all are told');
});

test('more than may be under way get 503, and room is made again', async () => {
  const narrow = await startIngress(system, { env: { OUTCOME_WAIT_MS: WAIT_MS, INGRESS_UNDER_WAY_MAX: '3' } });
  try {
    const send = (n: number) => push(narrow.url, account(), text(`o-narrow-${n}`));
    const statuses = (await Promise.all([1, 2, 3, 4, 5].map(send))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 200, 200, 503, 503]);
    expect((await send(6)).status).toBe(200);
  } finally {
    await narrow.stop();
  }
});
