import { expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import * as pay from '../pay.ts';
import { startIngress } from '../system.ts';
import { tcpProxy } from '../tcp-proxy.ts';
import { get } from '../wechat.ts';
import { shop, notices, noticeKeys, v3, v2, signed } from './desk.ts';

/** An ingress behind a proxy that takes its Kafka away. */
export function kafkaAway(): void {
  /** An ingress whose Kafka goes away, `how`, and comes back: whether the notice is on its topic in the end. */
  async function losesKafka(how: 'cut' | 'freeze'): Promise<boolean> {
    const proxy = await tcpProxy(shop.env.KAFKA_BROKERS);
    const far = await startIngress(shop, { noticeKeys, env: { ...shop.settings, KAFKA_BROKERS: proxy.address } });
    try {
      const told = () => pay.notice(pay.transaction({ transaction_id: `42${how}`, out_trade_no: `T-away-${how}` }));
      proxy[how]();
      const answers = await Promise.all([
        v3(told(), far),
        v2(signed({ transaction_id: `42v2${how}` }), '/pay/v2/notify', far),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([503, 503]);
      expect(answers[0].body).toContain('FAIL');
      expect(answers[1].body).toContain('FAIL');
      proxy.restore();
      await until(async () => (await v3(told(), far)).status === 204, 'it is taken again', 30_000);
      await until(async () => (await get(`${far.url}/readyz`)).status === 200, 'its consumer is back, too', 30_000);
      return (await notices.all()).some(({ key }) => key === `T-away-${how}`);
    } finally {
      await far.stop();
      await proxy.stop();
    }
  }

  test('Kafka away, cut or frozen: 503 before the platform gives up, and nothing is acknowledged', async () => {
    expect(await Promise.all([losesKafka('cut'), losesKafka('freeze')])).toEqual([true, true]);
  }, 60_000);
}
