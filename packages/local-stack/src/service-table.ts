import type { ServerName } from './servers/names.ts';

/** One process of ours: what runs, where it listens, and what has to answer before it can start. */
export type Service = {
  name: string;
  /** Relative to the checkout. */
  entry: string;
  portVariable: string;
  defaultPort: number;
  /** Ports it listens on beside that one: default by variable. */
  morePorts?: Readonly<Record<string, number>>;
  /** Variables no other process is given. */
  own?: readonly string[];
  needs: readonly ServerName[];
};

/** The stand-in for WeChat's platform. Left out by `--no-simulator`. */
export const simulator: Service = {
  name: 'simulator',
  entry: 'packages/wechat-simulator/src/bin.ts',
  portVariable: 'SIMULATOR_PORT',
  defaultPort: 8090,
  morePorts: { SIMULATOR_TLS_PORT: 8091 },
  own: ['WECHAT_PAY_PLATFORM_DIR'], // the platform's own keys
  needs: [],
};

/** The services of the system. A new one is one line here. */
export const services: readonly Service[] = [
  service('ingress', 'INGRESS_PORT', 8080, ['kafka', 'redis']),
  service('coupon-issuer', 'COUPON_ISSUER_PORT', 8081, ['kafka', 'postgres']),
  service('payment', 'PAYMENT_PORT', 8082, ['kafka', 'postgres']),
  service('notifier', 'NOTIFIER_PORT', 8083, ['kafka', 'postgres', 'redis']),
  {
    ...service('claim-log', 'CLAIM_LOG_PORT', 8084, ['kafka', 'postgres']),
    own: ['CLAIM_LOG_MASK_KEY', 'WEBHOOK_KEY', 'WEBHOOK_KEY_PREVIOUS'],
  },
];

function service(name: string, portVariable: string, defaultPort: number, needs: readonly ServerName[]): Service {
  return { name, entry: `services/${name}/src/bin.ts`, portVariable, defaultPort, needs };
}
