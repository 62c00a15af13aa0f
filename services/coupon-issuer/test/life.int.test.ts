import { randomUUID } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, jest, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { CouponKind, UnusableReason } from '@lingquan/events/coupon.ts';
import { readTopic } from '@lingquan/test-kit';
import { basket } from './builders.ts';
import { atMs, createCampaign, issuerSystem, lifeCommand, push } from './system.ts';
import { answersOf, factsOf, redemptionsOf } from './told.ts';

jest.setTimeout(60_000);

type System = Awaited<ReturnType<typeof issuerSystem>>;

const untilMs = atMs + 3_600_000;
const owner = { appid: 'wx1', openid: 'follower' };
const lock = (outTradeNo: string, lines = basket({})) =>
  ({ kind: 'lock', outTradeNo, ...owner, basket: lines, untilMs }) as const;
const till = (cashier = '7') =>
  ({ kind: 'redeem at till', shop: 'sh-01', cashier, basket: basket({ unitPriceFen: 3000 }) }) as const;
const replyTo = { instance: 'a', partition: 1, deadlineMs: atMs + 4000 };

/** Claims one coupon of a campaign made for it and returns its code. */
async function claimed(system: System, campaign: Parameters<typeof createCampaign>[1] = {}): Promise<string> {
  await system.publish([createCampaign('spring', campaign)]);
  await system.settled();
  await system.publish([push('follower')]);
  await system.settled();
  const [coupon] = await system.rows<{ code: string }>('select code from coupon');
  return coupon!.code;
}

test('a whole life: held, let go, held again, paid for, refunded, used at a till; everybody is told at each step', async () => {
  await using system = await issuerSystem('life');
  const code = await claimed(system, {
    rules: { validUntil: timestampFromMs(atMs + 86_400_000), scope: { categories: ['drinks'] } },
  });
  const typed = `${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`;
  await system.publish([
    lifeCommand(typed, lock('order-1', basket({}, { category: 'food', unitPriceFen: 9000 }))),
    lifeCommand(code, { kind: 'release', outTradeNo: 'order-1' }),
    lifeCommand(code, lock('order-2')),
  ]);
  await system.settled();
  expect(await system.get(`/coupons/${typed}`)).toMatchObject({
    code,
    ...owner,
    campaignId: 'spring',
    campaignName: '春日券',
    kind: 'amount',
    valueFen: 500,
    rules: { scope: { categories: ['drinks'] } },
    qr: `lingquan:coupon:${code}`,
  });
  expect(await system.rows('select state, lock_order from coupon')).toEqual([{ state: 1, lock_order: 'order-2' }]);
  await system.publish([
    lifeCommand(code, { kind: 'redeem', outTradeNo: 'order-2' }),
    lifeCommand(code, { kind: 'return', outTradeNo: 'order-2' }),
    lifeCommand(`lingquan:coupon:${code}`, till(), { replyTo }),
  ]);
  await system.settled();

  expect((await factsOf(system.kafka)).map(({ type }) => type)).toEqual([
    'coupon.locked',
    'coupon.released',
    'coupon.locked',
    'coupon.redeemed',
    'coupon.returned',
    'coupon.redeemed',
  ]);
  const answers = await answersOf(system.kafka);
  expect(answers.map(({ outTradeNo, answer }) => [outTradeNo, answer.case])).toEqual([
    ['order-1', 'locked'],
    ['order-1', 'released'],
    ['order-2', 'locked'],
    ['order-2', 'redeemed'],
    ['order-2', 'returned'],
  ]);
  expect(answers[0]!.answer.value).toMatchObject({ discount: { totalFen: 500n, lineFen: [500n, 0n] } });
  expect(await redemptionsOf(system.kafka)).toMatchObject([
    {
      code,
      campaignId: 'spring',
      campaignName: '春日券',
      value: { kind: CouponKind.AMOUNT, valueFen: 500n },
      outcome: { case: 'redeemed', value: { discount: { totalFen: 500n, lineFen: [500n] } } },
    },
  ]);
  expect(await system.get(`/coupons/${code}`)).toMatchObject({
    state: 'redeemed',
    lockedBy: null,
    redeemedBy: { shop: 'sh-01', cashier: '7' },
    redeemedAt: new Date(atMs).toISOString(),
  });
});

test('a code nobody owns is refused to orders and tills and leaves no fact', async () => {
  await using system = await issuerSystem('unknown');
  await claimed(system);
  await system.publish([lifeCommand('0010000', lock('order-1')), lifeCommand('什么', till(), { replyTo })]);
  await system.settled();
  const why = { reason: UnusableReason.UNKNOWN_CODE };
  expect(await answersOf(system.kafka)).toMatchObject([
    { code: '0010000', answer: { case: 'notDone', value: { why } } },
  ]);
  expect(await redemptionsOf(system.kafka)).toMatchObject([{ code: '', outcome: { case: 'refused', value: why } }]);
  expect(await factsOf(system.kafka)).toEqual([]);
  expect((await fetch(`${system.url}/coupons/0010000`)).status).toBe(404);
});

test('one coupon, 64 orders at once: exactly one holds it, and every order is told', async () => {
  await using system = await issuerSystem('locks');
  const code = await claimed(system);
  const orders = Array.from({ length: 64 }, (_, i) => `order-${i}`);
  await Promise.all(orders.map((order) => system.publish([lifeCommand(code, lock(order))])));
  await system.settled();

  const answers = await answersOf(system.kafka);
  expect(answers.map(({ outTradeNo }) => outTradeNo).toSorted()).toEqual(orders.toSorted());
  const locked = answers.filter(({ answer }) => answer.case === 'locked');
  expect(locked).toHaveLength(1);
  expect(await system.rows('select lock_order from coupon')).toEqual([{ lock_order: locked[0]!.outTradeNo }]);
  const types = (await factsOf(system.kafka)).map(({ type }) => type);
  expect(types.filter((type) => type === 'coupon.locked')).toHaveLength(1);
  expect(types.filter((type) => type === 'coupon.use_refused')).toHaveLength(63);
});

test('the same command again, in the same batch, later, and after a restart, is answered the same and done once', async () => {
  await using system = await issuerSystem('again');
  const code = await claimed(system);
  const locking = lifeCommand(code, lock('order-1'));
  const refused = lifeCommand(code, till(), { replyTo });
  await system.publish([locking, locking, refused]);
  await system.settled();
  await system.publish([lifeCommand(code, { kind: 'release', outTradeNo: 'order-1' }), locking, refused]);
  await system.settled();
  await system.restart();
  await system.publish([refused, locking]);
  await system.settled();

  const all = await readTopic(system.kafka, topics.paymentNotifications.name);
  const repeats = all.filter(({ headers }) => String(headers['ce_id']) === String(all[0]!.headers['ce_id']));
  expect(repeats).toHaveLength(4);
  for (const { value, key, headers } of repeats) expect({ value, key, headers }).toEqual({ ...pick(repeats[0]!) });
  const redemptions = await redemptionsOf(system.kafka);
  expect(redemptions).toHaveLength(3);
  for (const one of redemptions) expect(one).toEqual(redemptions[0]);
  expect((await factsOf(system.kafka)).map(({ type }) => type)).toEqual([
    'coupon.locked',
    'coupon.use_refused',
    'coupon.released',
  ]);
  expect(await system.rows('select state from coupon')).toEqual([{ state: 0 }]);
});

const pick = ({ value, key, headers }: Awaited<ReturnType<typeof readTopic>>[number]) => ({ value, key, headers });

test('an operator revokes a coupon and learns what became of it', async () => {
  await using system = await issuerSystem('revoke');
  const code = await claimed(system);
  const [early, done] = [randomUUID() as string, randomUUID() as string];
  await system.publish([
    lifeCommand(code, lock('order-1')),
    lifeCommand(code, { kind: 'revoke', reason: 'a mistake' }, { id: early }),
    lifeCommand(code, { kind: 'release', outTradeNo: 'order-1' }),
    lifeCommand(code, { kind: 'revoke', reason: 'a mistake' }, { id: done }),
  ]);
  await system.settled();
  expect(await system.get(`/commands/${early}`)).toMatchObject({ outcome: 'refused', reason: 'locked' });
  expect(await system.get(`/commands/${done}`)).toEqual({ commandId: done, code, outcome: 'done' });
  expect((await factsOf(system.kafka)).at(-1)).toMatchObject({
    type: 'coupon.revoked',
    value: { reason: 'a mistake' },
  });
});

test('a till that guesses is closed, also to a right code, until its wrong codes are old; also across a restart', async () => {
  await using system = await issuerSystem('guess');
  const code = await claimed(system);
  const guess = (n: number) => lifeCommand(`00100${n}`, till(), { replyTo, timeMs: atMs + n * 1000 });
  await system.publish(Array.from({ length: 6 }, (_, n) => guess(n)));
  await system.settled();
  await system.restart();
  await system.publish(Array.from({ length: 4 }, (_, n) => guess(n + 6)));
  await system.publish([lifeCommand(code, till(), { replyTo, timeMs: atMs + 10_000 })]);
  await system.publish([lifeCommand(code, till('8'), { replyTo, timeMs: atMs + 11_000 })]);
  await system.settled();

  const outcomes = (await redemptionsOf(system.kafka)).map(({ outcome }) =>
    outcome.case === 'refused' ? outcome.value.reason : outcome.case,
  );
  expect(outcomes).toEqual([
    ...Array.from({ length: 10 }, () => UnusableReason.UNKNOWN_CODE),
    UnusableReason.TOO_MANY_WRONG_CODES,
    'redeemed',
  ]);
  const closed = (await redemptionsOf(system.kafka))[10]!;
  expect(closed).toMatchObject({ code: '', outcome: { value: { atMs: BigInt(atMs + 600_000) } } });
});

test('what a command must not say goes to the dead letters, alone', async () => {
  await using system = await issuerSystem('badlife');
  const code = await claimed(system);
  const late = lifeCommand(code, { ...lock('order-0'), untilMs: atMs });
  await system.publish([late, lifeCommand(code, lock('order-1'))]);
  await system.settled();
  const dead = await readTopic(system.kafka, 'coupon.commands.dlq');
  expect(dead.map(({ headers }) => String(headers['dlq-reason']))).toEqual(["until must be after the command's time"]);
  expect(await system.rows('select lock_order from coupon')).toEqual([{ lock_order: 'order-1' }]);
});
