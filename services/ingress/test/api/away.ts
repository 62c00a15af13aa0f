import { expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { noticeKeys } from '../pay.ts';
import { send } from '../shop.ts';
import { startIngress } from '../system.ts';
import { tcpProxy } from '../tcp-proxy.ts';
import { accounts, shop, login, newKey, basket } from './desk.ts';

/** An ingress behind proxies that take its servers away. */
export function dependenciesAway(): void {
  test('Redis or Kafka away: try later, and it comes back', async () => {
    const [kafkaProxy, redisProxy] = [
      await tcpProxy(shop.env.KAFKA_BROKERS),
      await tcpProxy(new URL(shop.env.REDIS_URL).host),
    ];
    const env = {
      ...shop.settings,
      KAFKA_BROKERS: kafkaProxy.address,
      REDIS_URL: `redis://${redisProxy.address}`,
      OUTCOME_WAIT_MS: '1500',
    };
    const far = await startIngress(shop, { accounts, noticeKeys, env });
    try {
      const token = await login('o-far');
      const order = () => send('POST', `${far.url}/api/orders`, basket, { token, key: newKey() });
      expect((await order()).status).toBe(201);
      redisProxy.cut();
      expect(await order()).toMatchObject({
        status: 503,
        json: { error: 'try_later' },
        headers: { 'retry-after': '1' },
      });
      expect((await send('POST', `${far.url}/api/login`, { code: 'code-o-far' })).status).toBe(503);
      redisProxy.restore();
      await until(async () => (await order()).status === 201, 'Redis is back');
      kafkaProxy.cut();
      expect(await order()).toMatchObject({ status: 503, json: { error: 'try_later' } });
      kafkaProxy.restore();
      await until(async () => (await order()).status === 201, 'Kafka is back', 30_000);
    } finally {
      await far.stop();
      await kafkaProxy.stop();
      await redisProxy.stop();
    }
  }, 90_000);
}
