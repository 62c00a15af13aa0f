import { expect, test } from '@jest/globals';
import { planOf } from './plan.ts';

const plans = (seed: string, shares = { coupon: 0.5, refund: 0.25, parts: 0.5 }) => {
  const plan = planOf(seed, String, shares);
  return Array.from({ length: 400 }, (_, n) => plan(n));
};

test('the same seed plans the same shoppers, another one others', () => {
  const shown = (seed: string) =>
    plans(seed).map(({ openid, claims, refunds, orderKey, picks }) => [openid, claims, refunds, orderKey, picks(13)]);
  expect(shown('a')).toEqual(shown('a'));
  expect(shown('a')).not.toEqual(shown('b'));
  expect(new Set(plans('a').map(({ orderKey }) => orderKey)).size).toBe(400);
});

test('shares are kept, none and all exactly', () => {
  const count = (of: ReturnType<typeof plans>) => [
    of.filter(({ claims }) => claims).length,
    of.filter(({ refunds }) => refunds).length,
  ];
  const [claims, refunds] = count(plans('a')) as [number, number];
  expect(Math.abs(claims - 200)).toBeLessThan(60);
  expect(Math.abs(refunds - 100)).toBeLessThan(60);
  expect(count(plans('a', { coupon: 0, refund: 1, parts: 0 }))).toEqual([0, 400]);
});

test('goods are picked from the list there is, each once', () => {
  for (const { picks } of plans('a')) {
    const places = picks(3);
    expect(places.length).toBeGreaterThan(0);
    expect(new Set(places).size).toBe(places.length);
    expect(Math.max(...places)).toBeLessThan(3);
  }
});

test('keys have the form ingress asks for', () => {
  for (const { orderKey, refundKey } of plans('a').slice(0, 9))
    for (const key of [orderKey, refundKey(1)]) expect(key).toMatch(/^[\x21-\x7e]{8,64}$/);
});
