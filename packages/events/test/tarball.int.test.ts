import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outside, outsideNode, run, tsc } from './outside.ts';
import { brokers, claimId, claimed, eventSystem, until } from './system.ts';

let system: Awaited<ReturnType<typeof eventSystem>>;
let packed: ReturnType<typeof outside>;
let typescript: string;
let javascript: string;
beforeAll(async () => {
  packed = outside();
  typescript = packed.project('typescript', { typed: true });
  javascript = packed.project('javascript');
  system = await eventSystem('tarball');
  await system.claims(0, 20);
}, 60_000);
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  packed[Symbol.dispose]();
}, 30_000);

const options = () => JSON.stringify({ brokers, prefix: system.prefix });

const typedSource = (connection: string) => `
import { decodeEvent, subscribe, validate } from '@lingquan/events';
import type { EventOf } from '@lingquan/events';
import { CouponEventSchema, CouponKind, RefusalReason } from '@lingquan/events/messages';

const codes: string[] = [];
export function onEvent(event: EventOf<'coupon.events' | 'payment.events'>): void {
  if (event.type === 'coupon.claimed') {
    codes.push(event.data.code);
    const fen: bigint | undefined = event.data.value?.valueFen;
    const owner: string = event.message.openid;
    if (fen !== 500n || owner !== event.key || event.data.value?.kind === CouponKind.GIFT) throw new Error('not what was published');
    // @ts-expect-error a claim has no reason
    event.data.reason;
  } else if (event.type === 'coupon.claim_refused') {
    const reason: RefusalReason = event.data.reason;
    void reason;
  } else if (event.type === 'payment.order_paid') {
    const paid: bigint = event.data.paidFen;
    void paid;
  }
  // @ts-expect-error there is no such kind on these topics
  if (event.type === 'wechat.text') codes.push('');
}
const connection = ${connection} as { brokers: string[]; prefix: string };
// @ts-expect-error there is no such topic
void (() => subscribe({ ...connection, topics: ['coupon.event'], group: 'x' }, () => {}));
// @ts-expect-error internal helpers are not part of the package
void (() => import('@lingquan/events/ids'));
void [decodeEvent, validate, CouponEventSchema.typeName];

const subscription = await subscribe({ ...connection, topics: ['coupon.events', 'payment.events'], group: 'typescript' }, async (events) => {
  for (const event of events) onEvent(event);
  if (codes.length >= 20) await subscription.stop();
});
await subscription.closed;
console.log(codes.toSorted().join(' '));
`;

const strict = [
  '--strict',
  '--module',
  'nodenext',
  '--moduleResolution',
  'nodenext',
  '--target',
  'es2022',
  '--lib',
  'es2023',
];
const codes = Array.from({ length: 20 }, (_, n) => `CODE${n}`)
  .toSorted()
  .join(' ');

test('an empty TypeScript project: strict, nodenext, declarations checked; compiled, it subscribes on Node 20', () => {
  writeFileSync(join(typescript, 'index.ts'), typedSource(options()));
  run(
    tsc,
    [...strict, '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--types', 'node', 'index.ts'],
    typescript,
  );
  expect(run(outsideNode, ['index.js'], typescript).trim()).toBe(codes);
}, 60_000);

test('an empty JavaScript project subscribes on Node 20, with nothing of the workspace', () => {
  const script = `
    import { subscribe, eventToJson } from '@lingquan/events';
    const codes = [];
    const subscription = await subscribe({ ...${options()}, topics: ['coupon.events'], group: 'javascript' }, (events) => {
      for (const event of events) codes.push(eventToJson(event).message.couponClaimed.code);
      if (codes.length >= 20) void subscription.stop();
    });
    await subscription.closed;
    console.log(codes.sort().join(' '));
  `;
  writeFileSync(join(javascript, 'index.mjs'), script);
  expect(run(outsideNode, ['index.mjs'], javascript).trim()).toBe(codes);
  const installed = readFileSync(join(javascript, 'node_modules/@lingquan/events/package.json'), 'utf8');
  expect(installed).not.toMatch(/workspace:|catalog:|src\//);
  const lock = JSON.parse(readFileSync(join(javascript, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: object;
  };
  expect(Object.keys(lock.packages).map((path) => path.replace('node_modules/', ''))).toEqual([
    '@bufbuild/protobuf',
    '@lingquan/events',
    'kafkajs',
  ]);
}, 60_000);

test('the examples run outside, and end when they are told to', async () => {
  cpSync(join(typescript, 'node_modules/@lingquan/events/examples'), typescript, { recursive: true });
  run(tsc, [...strict, '--allowJs', '--outDir', 'out', '--types', 'node', 'count-coupons.ts'], typescript);
  const shown = await Promise.all([
    example(['out/count-coupons.js'], 'claimed 20'),
    example(['from-instant.mjs', '2020-01-01T00:00:00Z'], claimId(19)),
    example(['dead-letters.mjs'], 'behind 0'),
    example(['other-client.mjs'], claimId(18)),
  ]);
  expect(shown).toEqual([0, 0, 0, 0]);
}, 60_000);

/** Runs an example until it shows `text`; resolves with the code it ends with after a SIGTERM. */
async function example(args: string[], text: string): Promise<number | null> {
  const env = { ...process.env, KAFKA_BROKERS: brokers.join(','), TOPIC_PREFIX: system.prefix };
  const child = spawn(outsideNode, args, { cwd: typescript, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let shown = '';
  child.stdout.on('data', (chunk) => void (shown += String(chunk)));
  await until(() => shown.includes(text), `${args[0]} to show ${text}`);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

test('killed again and again while events are published, a subscriber sees every id at least once, deduplicated exactly once', async () => {
  const from = 1000;
  const count = 4000;
  const script = `
    import { setTimeout as delay } from 'node:timers/promises';
    import { subscribe } from '@lingquan/events';
    const write = (text) => new Promise((resolve) => process.stdout.write(text, resolve));
    await subscribe(
      { ...${options()}, topics: ['coupon.events'], group: 'killed', from: 'now', batchMax: 50, sessionTimeoutMs: 6000 },
      async (events) => {
        await write(events.map(({ id }) => id).join('\\n') + '\\n'); // the effect, before the place is written
        await delay(2);
      },
    );
    await write('ready\\n');
  `;
  writeFileSync(join(javascript, 'killed.mjs'), script);
  const seen: string[] = [];
  const start = () => {
    const child = spawn(outsideNode, ['killed.mjs'], { cwd: javascript, stdio: ['ignore', 'pipe', 'inherit'] });
    let isReady = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') isReady = true;
      else if (line.length === 36) seen.push(line); // the last line of a killed one may be cut: then it was not seen
    });
    return { child, isReady: () => isReady };
  };

  let current = start();
  await until(() => current.isReady(), 'the first to be ready');
  let published = 0;
  const publishing = (async () => {
    for (; published < count; published += 100) {
      await until(() => seen.length > published - 600, 'the subscriber to come along', 60_000);
      await system.publish(Array.from({ length: 100 }, (_, n) => claimed(from + published + n, n % 2)));
    }
  })();
  for (const kill of [1, 2, 3]) {
    const before = seen.length;
    await until(() => seen.length > before + 200, `kill ${kill}: something to be seen`, 30_000);
    current.child.kill('SIGKILL');
    await once(current.child, 'exit');
    current = start();
  }
  await publishing;
  await until(() => new Set(seen).size >= count, 'every id', 30_000);
  current.child.kill('SIGKILL');
  const expected = Array.from({ length: count }, (_, n) => claimId(from + n)).toSorted();
  expect([...new Set(seen)].toSorted()).toEqual(expected);
  expect(seen.length).toBeGreaterThan(count); // what was killed between effect and place came again
}, 90_000);
