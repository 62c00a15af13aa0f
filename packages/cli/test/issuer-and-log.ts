import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as claimLog from '@lingquan/claim-log';
import { config as claimLogConfig } from '@lingquan/claim-log/config.ts';
import * as couponIssuer from '@lingquan/coupon-issuer';
import { config as couponIssuerConfig } from '@lingquan/coupon-issuer/config.ts';
import { isolate, until } from '@lingquan/test-kit';
import { appid, textPush } from './text-push.ts';

/** An issuer and a claim log on topics and stores of their own, and a producer in ingress's place: `start` before the tests, `stop` behind them. */
export function issuerAndLog(name: string) {
  const system = isolate(name);
  const folder = mkdtempSync(join(tmpdir(), `lingquan-${name}-`));
  const producer = system.kafka.producer();
  /** What the command line finds them by. */
  const env: Record<string, string> = { ...system.env, WECHAT_APP_ID: appid };
  const running: { stop: () => Promise<void> }[] = [];
  return {
    system,
    folder,
    producer,
    env,
    start: async () => {
      const host = {
        log: system.log,
        onFatal: (error: Error) => system.log.error({ err: error }, 'a service cannot go on'),
      };
      const secret = randomBytes(32).toString('hex');
      const settings = { ...env, COUPON_ISSUER_PORT: '0', CLAIM_LOG_PORT: '0', COUPON_CODE_SECRET: secret };
      const issuer = await couponIssuer.start(couponIssuerConfig(settings), host);
      running.push(issuer);
      const log = await claimLog.start(claimLogConfig(settings), host);
      running.push(log);
      Object.assign(env, { COUPON_ISSUER_URL: issuer.url, CLAIM_LOG_URL: log.url });
      await until(() => producer.ready().then(() => true), 'the producer is connected');
    },
    /** Resolves once the push is in wechat.inbound. */
    push: (openid: string, text: string, msgId: string) => producer.publish([textPush(openid, text, msgId)]),
    stopLog: async () => running.pop()?.stop(),
    stop: async () => {
      await producer.stop();
      for (const one of running) await one.stop();
      await system.remove();
      rmSync(folder, { recursive: true });
    },
  };
}
