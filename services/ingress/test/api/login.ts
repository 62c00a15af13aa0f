import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { send } from '../shop.ts';
import { official, shop, ingress, post, get, login } from './desk.ts';

/** Who somebody is, and what is kept of it. */
export function loggingIn(): void {
  test('a mini program and a page log in, each in its own way', async () => {
    const page = await post('/api/login', { code: 'code-o-page' });
    expect(page).toMatchObject({
      status: 200,
      json: { expiresIn: 172_800, token: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(shop.wechat.asked.at(-1)).toMatchObject({
      path: '/sns/oauth2/access_token',
      query: { appid: official.appid },
    });
    expect((await post('/api/login', { appid: 'wxmini', code: 'code-o-mini' })).status).toBe(200);
    expect(shop.wechat.asked.at(-1)).toMatchObject({ path: '/sns/jscode2session', query: { appid: 'wxmini' } });
  });

  test('Redis holds who is logged in, and nothing to log in with', async () => {
    const redis = new Redis(shop.env.REDIS_URL);
    const token = await login('o-kept');
    const keys = await redis.keys(`${shop.prefix}session:*`);
    const values = await Promise.all(keys.map((key) => redis.get(key)));
    expect(keys.join() + values.join()).not.toContain(token);
    expect(values).toContainEqual(JSON.stringify({ appid: official.appid, openid: 'o-kept' }));
    const id = createHash('sha256').update(token).digest('hex');
    await redis.expire(`${shop.prefix}session:{${id}}`, 60);
    expect((await get('/api/orders', token)).status).toBe(200);
    expect(await redis.ttl(`${shop.prefix}session:{${id}}`)).toBeGreaterThan(172_000); // it lives on
    redis.disconnect();
  });

  test.each([
    [{ code: 'wrong' }, 401, 'login_failed'],
    [{ appid: 'wxnobody', code: 'code-x' }, 400, 'unknown_account'],
    [{}, 400, 'invalid'],
    [{ code: 'a b' }, 400, 'invalid'],
    [{ code: ['code-x'] }, 400, 'invalid'],
    [{ code: 'code-x', openid: 'o-victim' }, 400, 'invalid'],
    ['{"code":', 400, 'invalid'],
    ['[]', 400, 'invalid'],
    ['null', 400, 'invalid'],
    ['{"__proto__":{"code":"code-x"}}', 400, 'invalid'],
  ])('logging in with %j is %i %s', async (body, status, error) => {
    expect(await post('/api/login', body)).toMatchObject({
      status,
      json: { error, message: expect.stringContaining(' · ') },
    });
  });

  test('the platform away: nobody logs in, and is told to try later', async () => {
    const answer = shop.wechat.answer;
    shop.wechat.answer = () => ({ status: 502, json: {} });
    expect(await post('/api/login', { code: 'code-x' })).toMatchObject({ status: 503, json: { error: 'try_later' } });
    shop.wechat.answer = answer;
  });

  test.each([undefined, '', 'x', 'A'.repeat(43), '../../etc', 'é'])('401 for the token %j', async (token) => {
    const headers = token === undefined ? {} : { authorization: Buffer.from(`Bearer ${token}`).toString('latin1') };
    const answer = await send('GET', `${ingress.url}/api/coupons`, undefined, { headers });
    expect(answer).toMatchObject({ status: 401, json: { error: 'not_logged_in' } });
  });
}
