import { join } from 'node:path';
import { checkout } from './layout.ts';
import type { Layout } from './layout.ts';
import { keptSecrets } from './secrets.ts';
import { hostIn, portsOf, urlOf } from './service-environment.ts';
import type { Variables } from './service-environment.ts';
import { services, simulator } from './service-table.ts';

/** A shop to order from, until somebody has one of his own. */
export const exampleGoods = join(checkout, 'deploy/goods.example.json');

/**
 * Settings for trying the system out: secrets and a merchant's files, made once in `layout`, and the simulator where WeChat's
 * platform and WeChat Pay would be. What the environment says wins over them.
 */
export async function trialSettings(layout: Layout, env: Variables): Promise<Record<string, string>> {
  const secrets = keptSecrets(layout.secretsFile);
  const files = await merchantFiles(layout.dir, { ...secrets, ...withoutEmpty(env) });
  const paySimulated = Boolean(files['WECHAT_PAY_PLATFORM_DIR'] || env['WECHAT_PAY_PLATFORM_DIR']);
  return {
    ...secrets,
    WECHAT_API_URL: urlOf(simulator, env),
    GOODS_FILE: exampleGoods,
    ...(paySimulated ? { ...files, ...simulatedPay(env) } : {}),
  };
}

const simulatedPay = (env: Variables): Record<string, string> => ({
  WECHAT_PAY_URL: urlOf(simulator, env),
  WECHAT_PAY_V2_TLS_URL: `https://${hostIn(env)}:${tlsPort(env)}`,
  WECHAT_PAY_NOTIFY_URL: urlOf(named('ingress'), env),
  PAYMENT_URL: urlOf(named('payment'), env),
});

/**
 * A merchant of the simulated WeChat Pay, made once in `dir`: where his files are, and (for the simulator alone) the platform's.
 * None when the environment names a merchant's folder: then it is his.
 */
export async function merchantFiles(dir: string, env: Variables): Promise<Record<string, string>> {
  const appid = env['WECHAT_APP_ID'];
  if (env['WECHAT_PAY_DIR'] || !appid) return {};
  const { keptMerchant } = await import('@lingquan/wechat-simulator/merchant.ts'); // it brings a library for certificates
  const { merchantDir, platformDir } = await keptMerchant(dir, { appid });
  return { WECHAT_PAY_DIR: merchantDir, WECHAT_PAY_PLATFORM_DIR: platformDir };
}

const named = (name: string) => services.find((service) => service.name === name)!;
const tlsPort = (env: Variables): number => Object.fromEntries(portsOf(simulator, env))['SIMULATOR_TLS_PORT']!;
const withoutEmpty = (env: Variables): Variables =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value));
