import { expect, test } from '@jest/globals';
import { config } from '../../src/config.ts';
import { noticeKeys } from '../pay.ts';
import { send } from '../shop.ts';
import { startIngress } from '../system.ts';
import { get as getText } from '../wechat.ts';
import { accounts, shop, ingress, post, get, login, newKey, basket } from './desk.ts';

/** What holds for every address: sizes, methods, rates, what is not configured. */
export function theDoor(): void {
  test('a big body is refused, announced or not, and nothing of a request is echoed', async () => {
    const token = await login('o-big');
    const body = JSON.stringify({ ...basket, shop: 'm4rk3r'.repeat(20_000) });
    const answer = await post('/api/orders', body, { token, key: newKey() });
    expect(answer).toMatchObject({ status: 413, json: { error: 'body_too_big' } });
    const others = await Promise.all([
      get('/api/m4rk3r', token),
      post('/api/orders', '{"m4rk3r": m4rk3r}', { token, key: newKey() }),
      post('/api/orders', { m4rk3r: 1, lines: [{ m4rk3r: 'm4rk3r' }] }, { token, key: newKey() }),
      get('/api/orders/m4rk3r', token),
    ]);
    for (const one of others) expect(JSON.stringify(one)).not.toContain('m4rk3r');
  });

  test('methods and addresses that are not there', async () => {
    expect(await post('/api/goods', {})).toMatchObject({
      status: 405,
      headers: { allow: 'GET' },
      json: { error: 'method_not_allowed' },
    });
    expect(await get('/api/nothing')).toMatchObject({ status: 404, json: { error: 'not_found' } });
    expect((await getText(`${ingress.url}/metrics`)).body).toMatch(
      /api_requests_total\{route="none",status="404"\} [1-9]/,
    );
  });

  test('a session that writes too much waits a minute; others do not', async () => {
    const strict = await startIngress(shop, {
      accounts,
      noticeKeys,
      env: { ...shop.settings, LIMIT_WRITES_PER_MINUTE: '2' },
    });
    try {
      const [token, other] = [await login('o-busy'), await login('o-calm')];
      const quote = (who: string) => send('POST', `${strict.url}/api/quotes`, { lines: [] }, { token: who });
      const statuses = [];
      for (let n = 0; n < 3; n++) statuses.push((await quote(token)).status);
      expect(statuses).toEqual([400, 400, 429]);
      expect((await quote(other)).status).toBe(400);
      expect((await send('GET', `${strict.url}/api/orders`, undefined, { token })).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });

  test('without a merchant there are no orders, and everything else', async () => {
    const plain = await startIngress(shop, { accounts, env: shop.settings });
    try {
      const token = await login('o-plain');
      const order = await send('POST', `${plain.url}/api/orders`, basket, { token, key: newKey() });
      expect(order).toMatchObject({ status: 503, json: { error: 'not_configured' } });
      expect((await send('GET', `${plain.url}/api/orders/N00000000`, undefined, { token })).status).toBe(503);
      expect((await send('GET', `${plain.url}/api/goods`)).status).toBe(200);
    } finally {
      await plain.stop();
    }
  });

  test('settings that are wrong stop the start', () => {
    const env = { ...shop.env, ...shop.settings, WECHAT_APP_ID: 'wx0', WECHAT_APP_SECRET: 's', WECHAT_TOKEN: 'token' };
    expect(() => config({ ...env, TILL_TOKEN: 'short' })).toThrow('TILL_TOKEN');
    expect(() => config({ ...env, GOODS_FILE: '/nowhere.json' })).toThrow('GOODS_FILE');
    expect(() => config({ ...env, PAYMENT_URL: 'payment:8082' })).toThrow('PAYMENT_URL');
    expect(() => config({ ...env, WECHAT_PAY_DIR: '/nowhere' })).toThrow('merchant.json');
  });
}
