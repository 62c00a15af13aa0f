import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, jest, test } from '@jest/globals';
import { CouponKind } from '@lingquan/events/coupon.ts';
import { basket } from './builders.ts';
import { atMs, createCampaign, issuerSystem, lifeCommand, push } from './system.ts';

jest.setTimeout(60_000);

type System = Awaited<ReturnType<typeof issuerSystem>>;
type Page = { items: { code: string; state: string; campaignId: string }[]; next: string | null };

const owner = 'appid=wx1&openid=follower';
const list = (system: System, query: string) => system.get(`/coupons?${owner}${query}`) as Promise<Page>;
const quotes = async (system: System, body: object) => {
  const answer = await fetch(`${system.url}/quotes`, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as { items: Record<string, unknown>[] } };
};

/** Far beyond the clock of whoever runs this: what the HTTP side asks its own clock stays the same. */
const farMs = Date.UTC(2999, 0, 1);

async function withCoupons(name: string) {
  const system = await issuerSystem(name);
  await system.publish([
    createCampaign('amount', { keyword: 'a', limitPerUser: 3 }),
    createCampaign('percent', {
      keyword: 'b',
      value: { kind: CouponKind.PERCENT, percent: 20, thresholdFen: 3000n, capFen: 2000n },
      rules: { validUntil: timestampFromMs(farMs), weekdays: [0, 1, 2, 3, 4, 5, 6] },
    }),
    createCampaign('drinks', { keyword: 'c', rules: { scope: { categories: ['drinks'] } } }),
    createCampaign('past', { keyword: 'd', rules: { validUntil: timestampFromMs(atMs + 60_000) } }),
  ]);
  await system.settled();
  await system.publish(
    ['a', 'a', 'a', 'b', 'c', 'd'].map((text, n) => push('follower', { text, timeMs: atMs + n * 1000 })),
  );
  await system.publish([push('somebody-else', { text: 'a' })]);
  await system.settled();
  return system;
}

test('a follower sees his coupons, newest first, a page at a time, each in its drawer', async () => {
  await using system = await withCoupons('coupons');
  const all = await list(system, '');
  expect(all.items.map(({ campaignId }) => campaignId)).toEqual([
    'past',
    'drinks',
    'percent',
    'amount',
    'amount',
    'amount',
  ]);
  expect(all.next).toBeNull();
  expect(all.items[2]).toMatchObject({
    percent: 20,
    capFen: 2000,
    thresholdFen: 3000,
    expiresAt: new Date(farMs).toISOString(),
    state: 'issued',
    lockedBy: null,
    redeemedBy: null,
  });
  const [used, held] = [all.items[3]!.code, all.items[4]!.code];
  await system.publish([
    lifeCommand(used, { kind: 'redeem', outTradeNo: 'order-1' }),
    lifeCommand(held, {
      kind: 'lock',
      outTradeNo: 'order-2',
      appid: 'wx1',
      openid: 'follower',
      basket: basket({}),
      untilMs: farMs,
    }),
  ]);
  await system.settled();

  const pages: Page[] = [];
  for (let next: string | null = ''; next !== null; next = pages.at(-1)!.next)
    pages.push(await list(system, `&state=usable&limit=2${next && `&cursor=${next}`}`));
  expect(pages.map(({ items }) => items.length)).toEqual([2, 2]);
  expect(pages.flatMap(({ items }) => items.map(({ state }) => state))).toEqual([
    'issued',
    'issued',
    'locked',
    'issued',
  ]);
  expect((await list(system, '&state=used')).items).toMatchObject([
    { code: used, redeemedBy: { outTradeNo: 'order-1' } },
  ]);
  expect((await list(system, '&state=expired')).items).toMatchObject([{ campaignId: 'past', state: 'expired' }]);
  expect(await system.get('/campaigns/percent')).toMatchObject({
    capFen: 2000,
    rules: { weekdays: [0, 1, 2, 3, 4, 5, 6], validUntil: new Date(farMs).toISOString() },
  });
});

test('a basket is quoted: what takes most off first, then why not', async () => {
  await using system = await withCoupons('quotes');
  const line = { sku: 'tea', name: '茶', category: 'drinks', unitPriceFen: 1400, quantity: 1 };
  const cake = { sku: 'cake', name: '蛋糕', category: 'food', unitPriceFen: 1500, quantity: 1 };
  const body = { appid: 'wx1', openid: 'follower', basket: { lines: [line, cake] } };
  const below = (await quotes(system, body)).body.items;
  expect(below.map(({ usable }) => usable)).toEqual([true, true, true, true, false]);
  expect(below[4]).toMatchObject({ coupon: { campaignId: 'percent' }, reason: 'below_threshold', missingFen: 100 });
  expect(below.find(({ coupon }) => (coupon as { campaignId: string }).campaignId === 'drinks')).toMatchObject({
    discountFen: 500,
    lineFen: [500, 0],
  });

  const more = { ...body, basket: { lines: [line, { ...cake, quantity: 2 }] } };
  expect((await quotes(system, more)).body.items[0]).toMatchObject({
    coupon: { campaignId: 'percent' },
    usable: true,
    discountFen: 880,
    lineFen: [280, 600],
  });
  const then = (await quotes(system, { ...body, at: new Date(atMs + 30_000).toISOString() })).body.items;
  expect(then.map(({ coupon }) => (coupon as { campaignId: string }).campaignId)).toContain('past');
});

test('questions that make no sense are refused with what is wrong', async () => {
  await using system = await issuerSystem('badquestions');
  const status = async (path: string) => (await fetch(system.url + path)).status;
  expect(await status('/coupons?appid=wx1')).toBe(400);
  expect(await status(`/coupons?${owner}&state=lost`)).toBe(400);
  expect(await status(`/coupons?${owner}&cursor=x`)).toBe(400);
  expect(await status(`/coupons?${owner}&limit=0`)).toBe(400);
  expect(await status(`/coupons?${owner}&openid=other`)).toBe(400);
  expect((await quotes(system, { appid: 'wx1' })).status).toBe(400);
  expect(
    (
      await quotes(system, {
        appid: 'wx1',
        openid: 'f',
        basket: { lines: [{ sku: 'a', unitPriceFen: 0.5, quantity: 1 }] },
      })
    ).status,
  ).toBe(400);
  expect((await fetch(`${system.url}/quotes`, { method: 'POST', body: '{' })).status).toBe(400);
});
