import { expect, test } from '@jest/globals';
import { official, shop, post, get, login } from './desk.ts';

/** What there is to buy, and what the shopper's own coupons are good for. */
export function couponsAndQuotes(): void {
  test('goods are for anyone, and no page of another origin may read', async () => {
    const { status, json, headers } = await get('/api/goods');
    expect(status).toBe(200);
    expect(json.items[0]).toEqual({ sku: 'latte', name: '拿铁', category: 'coffee', priceFen: 2800 });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  const coupon = {
    code: '001AB0CDEFGH02',
    appid: official.appid,
    openid: 'o-coupons',
    campaignName: '秋日',
    kind: 'amount',
    valueFen: 500,
    state: 'redeemed',
    redeemedBy: { shop: 's', cashier: 'Li' },
    qr: 'lingquan:coupon:001AB0CDEFGH02',
  };

  test("the shopper's own coupons, without whose they are and who took them", async () => {
    shop.issuer.answer = () => ({ json: { items: [coupon], next: 'more' } });
    const { json } = await get('/api/coupons?state=used&limit=5', await login('o-coupons'));
    expect(shop.issuer.asked.at(-1)).toMatchObject({
      path: '/coupons',
      query: { appid: official.appid, openid: 'o-coupons', state: 'used', limit: '5' },
    });
    expect(json).toMatchObject({
      items: [{ code: coupon.code, qr: coupon.qr, redeemedBy: { shop: 's' } }],
      next: 'more',
    });
    expect(JSON.stringify(json)).not.toMatch(/o-coupons|Li/);
  });

  test.each([[{ outTradeNo: 'T20260105-1' }], [null]])('a coupon used by %j', async (redeemedBy) => {
    shop.issuer.answer = () => ({ json: { items: [{ ...coupon, redeemedBy }] } });
    const { json } = await get('/api/coupons?state=used', await login('o-coupons'));
    expect(json.items[0].redeemedBy).toEqual(redeemedBy);
  });

  test.each(['state=stolen', 'state=used&state=usable', 'limit=0', 'limit=1000', 'openid=o-victim', 'cursor=%00'])(
    'coupons?%s is refused',
    async (query) => {
      const answer = await get(`/api/coupons?${query}`, await login('o-coupons'));
      expect(answer).toMatchObject({ status: 400, json: { error: 'invalid' } });
    },
  );

  test('quotes: priced here, worded here', async () => {
    shop.issuer.answer = () => ({
      json: {
        items: [
          { coupon, usable: true, discountFen: 500, lineFen: [219, 281] },
          { coupon, usable: false, reason: 'below_threshold', missingFen: 3600 },
        ],
      },
    });
    const lines = [
      { sku: 'latte', quantity: 1 },
      { sku: 'cake', quantity: 1 },
      { sku: 'latte', quantity: 1 },
    ];
    const { status, json } = await post('/api/quotes', { lines, shop: '一店' }, { token: await login('o-quotes') });
    expect(status).toBe(200);
    expect(json.totalFen).toBe(9200);
    expect(json.items[0]).toMatchObject({ usable: true, discountFen: 500, lineFen: [219, 281] });
    expect(json.items[1]).toMatchObject({
      reason: 'below_threshold',
      missingFen: 3600,
      message: '还差 36 元就能用这张券了。',
    });
    expect(shop.issuer.asked.at(-1)).toMatchObject({
      path: '/quotes',
      body: {
        openid: 'o-quotes',
        basket: {
          shop: '一店',
          lines: [
            { sku: 'latte', name: '拿铁', category: 'coffee', unitPriceFen: 2800, quantity: 2 },
            { sku: 'cake', unitPriceFen: 3600, quantity: 1 },
          ],
        },
      },
    });
  });

  test('the issuer away, or not understood: try later', async () => {
    const token = await login('o-away');
    shop.issuer.answer = () => ({ status: 500, json: {} });
    expect(await get('/api/coupons', token)).toMatchObject({ status: 503, json: { error: 'try_later' } });
    shop.issuer.answer = () => ({ json: { items: 'many' } });
    expect(await get('/api/coupons', token)).toMatchObject({ status: 503, json: { error: 'try_later' } });
  });
}
