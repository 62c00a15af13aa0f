import { isolate } from '@lingquan/test-kit';
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

const names: ServiceName[] = ['simulator', 'coupon-issuer', 'claim-log', 'notifier', 'ingress'];

const portVariables: Record<ServiceName, string> = {
  ingress: 'INGRESS_PORT',
  'coupon-issuer': 'COUPON_ISSUER_PORT',
  notifier: 'NOTIFIER_PORT',
  'claim-log': 'CLAIM_LOG_PORT',
  simulator: 'SIMULATOR_PORT',
};

/** The whole system as processes on the shared test servers, set apart by its prefix; stopped and removed by `await using`. */
export async function startSystem(name: string, settings: Record<string, string> = {}) {
  const isolated = isolate(name);
  const ports = new Map<ServiceName, number>();
  for (const service of names) ports.set(service, await freePort());
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
    INGRESS_URL: urlOf('ingress'),
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
