import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isolate } from '@lingquan/test-kit';
import { keptMerchant } from '@lingquan/wechat-simulator/merchant.ts';
import { freePort } from './free-port.ts';
import { runServiceProcess } from './service-process.ts';
import type { ServiceName, ServiceProcess } from './service-process.ts';

/** Secrets of the trial account every end-to-end system uses. */
export const account = {
  WECHAT_APP_ID: 'wx0123456789abcdef',
  WECHAT_APP_SECRET: '0123456789abcdef0123456789abcdef',
  WECHAT_TOKEN: 'endToEndToken',
  WECHAT_ENCODING_AES_KEY: 'sGP4DssSvC6q4NfmtsPTRF0VRdH4YXuyPPs9NpLMktw',
} as const;

const names: ServiceName[] = ['simulator', 'coupon-issuer', 'payment', 'claim-log', 'notifier', 'ingress'];

export const tillToken = 'endToEndTillToken0123456789';

const portVariables: Record<ServiceName, string> = {
  ingress: 'INGRESS_PORT',
  'coupon-issuer': 'COUPON_ISSUER_PORT',
  payment: 'PAYMENT_PORT',
  notifier: 'NOTIFIER_PORT',
  'claim-log': 'CLAIM_LOG_PORT',
  simulator: 'SIMULATOR_PORT',
};

/** The whole system as processes on the shared test servers, set apart by its prefix; stopped and removed by `await using`. */
export async function startSystem(name: string, settings: Record<string, string> = {}) {
  const isolated = isolate(name);
  const ports = new Map<ServiceName, number>();
  for (const service of names) ports.set(service, await freePort());
  const tlsPort = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'lingquan-e2e-'));
  const { merchantDir, platformDir } = await keptMerchant(dir, { appid: account.WECHAT_APP_ID });
  const urlOf = (service: ServiceName) => `http://127.0.0.1:${ports.get(service)}`;
  const env: Record<string, string> = {
    ...isolated.env,
    ...account,
    WECHAT_MODE: 'safe',
    COUPON_CODE_SECRET: 'cd'.repeat(32),
    WECHAT_API_URL: urlOf('simulator'),
    SIMULATOR_PUSH_URL: `${urlOf('ingress')}/wx`,
    CLAIM_LOG_URL: urlOf('claim-log'),
    COUPON_ISSUER_URL: urlOf('coupon-issuer'),
    PAYMENT_URL: urlOf('payment'),
    INGRESS_URL: urlOf('ingress'),
    SIMULATOR_URL: urlOf('simulator'),
    WECHAT_PAY_DIR: merchantDir,
    WECHAT_PAY_PLATFORM_DIR: platformDir,
    WECHAT_PAY_URL: urlOf('simulator'),
    WECHAT_PAY_V2_TLS_URL: `https://127.0.0.1:${tlsPort}`,
    WECHAT_PAY_NOTIFY_URL: urlOf('ingress'),
    SIMULATOR_TLS_PORT: String(tlsPort),
    TILL_TOKEN: tillToken,
    GOODS_FILE: fileURLToPath(new URL('../../../deploy/goods.example.json', import.meta.url)),
    LIMIT_PER_HOUR: '0',
    LIMIT_PER_DAY: '0',
    ...Object.fromEntries(names.map((service) => [portVariables[service], String(ports.get(service))])),
    ...settings,
  };
  const started = await Promise.allSettled(
    names.map((service) => runServiceProcess(service, ports.get(service)!, env)),
  );
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const dispose = async () => {
    await Promise.all(running.map((service) => service.stop()));
    await isolated.remove();
    await rm(dir, { recursive: true });
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await dispose();
    throw failed.reason;
  }
  const service = (wanted: ServiceName): ServiceProcess => running.find((one) => one.name === wanted)!;
  return { ...isolated, env, urlOf, service, [Symbol.asyncDispose]: dispose };
}

export type System = Awaited<ReturnType<typeof startSystem>>;
