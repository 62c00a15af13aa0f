import { expect, test } from '@jest/globals';
import { shop, post, login, newKey, basket, creates } from './desk.ts';

/** What is wrong with a request is said before anything is commanded. */
export function hostileOrders(): void {
  const line = (changes: object) => ({ lines: [{ sku: 'latte', quantity: 1, ...changes }] });
  test.each([
    ['a price of the client’s', line({ unitPriceFen: 1 }), 'invalid'],
    ['a total of the client’s', { ...basket, totalFen: 1 }, 'invalid'],
    ['no lines', { lines: [] }, 'invalid'],
    ['too many lines', { lines: Array.from({ length: 51 }, () => ({ sku: 'latte', quantity: 1 })) }, 'invalid'],
    ['none of it', line({ quantity: 0 }), 'invalid'],
    ['half of it', line({ quantity: 1.5 }), 'invalid'],
    ['a negative quantity', line({ quantity: -1 }), 'invalid'],
    ['a quantity as text', line({ quantity: '1' }), 'invalid'],
    ['too many', line({ quantity: 1000 }), 'invalid'],
    ['too many together', { lines: [1, 2].map(() => ({ sku: 'latte', quantity: 999 })) }, 'too_many'],
    ['unknown goods', line({ sku: 'gold' }), 'unknown_goods'],
    ['an object’s own name', line({ sku: '__proto__' }), 'unknown_goods'],
    ['a prototype', '{"lines":[{"sku":"latte","quantity":1,"__proto__":{"unitPriceFen":1}}]}', 'invalid'],
    ['no code of a coupon', { ...basket, couponCode: '优惠券' }, 'code_malformed'],
    ['an empty code', { ...basket, couponCode: '' }, 'invalid'],
    ['somebody else’s name', { ...basket, openid: 'o-victim' }, 'invalid'],
    ['a shop with a line break', { ...basket, shop: 'a\nb' }, 'invalid'],
  ])('an order with %s is refused and commands nothing', async (_, body, error) => {
    const before = shop.commanded.length;
    const answer = await post('/api/orders', body, { token: await login('o-hostile'), key: newKey() });
    expect(answer).toMatchObject({ status: 400, json: { error } });
    expect(JSON.stringify(answer.json)).not.toMatch(/gold|victim|unitPriceFen/);
    expect(shop.commanded.length).toBe(before);
  });

  test('a field given twice counts as its last, and only that one', async () => {
    const body = '{"lines":[{"sku":"cake","quantity":9}],"lines":[{"sku":"latte","quantity":1}]}';
    const answer = await post('/api/orders', body, { token: await login('o-doubled'), key: newKey() });
    expect(answer.status).toBe(201);
    expect(creates().at(-1)!.command.value).toMatchObject({ basket: { lines: [{ sku: 'latte', quantity: 1 }] } });
  });

  test.each([undefined, '', 'short', 'k'.repeat(65), 'with a blank', 'key-00000001, key-00000002'])(
    'an order with the idempotency key %j is refused',
    async (key) => {
      const answer = await post('/api/orders', basket, {
        token: await login('o-keyless'),
        ...(key !== undefined && { key }),
      });
      expect(answer).toMatchObject({ status: 400, json: { error: 'idempotency_key_needed' } });
    },
  );
}
