import { isIP } from 'node:net';
import { readAccounts } from '@lingquan/accounts';
import { type Env, readConfig, settings } from '@lingquan/config';
import { z } from 'zod';
import { type Account, onPlatform } from './accounts.ts';
import type { PaySettingsOfStart } from './pay/index.ts';

/** Everything the simulator needs to know; made by `loadConfig` from the environment or by a test by hand. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The first one is the default account: what `/_sim/` calls without an appid mean. */
  readonly accounts: readonly Account[];
  /** How long a push may take until it counts as unanswered. The platform waits 5000. */
  readonly pushTimeoutMs: number;
  /** The pause before a push is repeated after a failure that was not a time-out. The platform's own pause is not known. */
  readonly retryPauseMs: number;
  /** Addresses that may fetch a token for an Official Account; empty admits all, as an account without a white list. */
  readonly ipAllowList: readonly string[];
  /** What getcallbackip answers; empty means the addresses of this machine. */
  readonly callbackIps: readonly string[];
  readonly claimLogUrl: string;
  /** Where the mini-program API is that the chat page uses; undefined: it has none. */
  readonly ingressUrl?: string | undefined;
  /** What ingress asks of tills; undefined: the chat page has none. */
  readonly tillToken?: string | undefined;
  /** Where the merchant's and the platform's files are; undefined: no WeChat Pay. */
  readonly pay?: PaySettingsOfStart | undefined;
  readonly logLevel: string;
}

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
const addresses = list.refine((all) => all.every((one) => isIP(one) !== 0), 'must be addresses, comma-separated');
/** The platform answers ranges, too. */
const ranges = list.refine(
  (all) => all.every((one) => isIP(one.replace(/\/\d{1,3}$/, '')) !== 0),
  'must be addresses or CIDR ranges, comma-separated',
);
const milliseconds = (fallback: number) => z.coerce.number().int().min(0).max(600_000).default(fallback);

const schema = z.object({
  HOST: settings.host,
  SIMULATOR_PORT: settings.port(8090),
  INGRESS_PORT: settings.port(8080),
  CLAIM_LOG_PORT: settings.port(8084),
  INGRESS_URL: z.url().optional(),
  SIMULATOR_PUSH_URL: z.url().optional(),
  SIMULATOR_PUSH_TIMEOUT_MS: milliseconds(5000),
  SIMULATOR_RETRY_PAUSE_MS: milliseconds(1000),
  SIMULATOR_IP_ALLOW_LIST: addresses,
  SIMULATOR_CALLBACK_IPS: ranges,
  CLAIM_LOG_URL: z.url().optional(),
  TILL_TOKEN: z.string().optional(),
  WECHAT_PAY_DIR: z.string().optional(),
  WECHAT_PAY_PLATFORM_DIR: z.string().optional(),
  SIMULATOR_TLS_PORT: settings.port(8091),
  LOG_LEVEL: settings.logLevel,
});

/** Reads the environment once. Throws `invalid` with one line per wrong setting. */
export function loadConfig(environment: Env): Config {
  const env = readConfig(schema, environment);
  const ingressUrl = env.INGRESS_URL ?? `http://127.0.0.1:${env.INGRESS_PORT}`;
  const pushUrl = (env.SIMULATOR_PUSH_URL ?? new URL('/wx', ingressUrl).href).replace(/\/$/, '');
  const accounts = readAccounts(environment).map(({ isDefault, ...account }) =>
    onPlatform(account, isDefault ? pushUrl : `${pushUrl}/${encodeURIComponent(account.appid)}`),
  );
  const { WECHAT_PAY_DIR: merchantDir, WECHAT_PAY_PLATFORM_DIR: platformDir, SIMULATOR_TLS_PORT: tlsPort } = env;
  return {
    host: env.HOST,
    port: env.SIMULATOR_PORT,
    accounts,
    pushTimeoutMs: env.SIMULATOR_PUSH_TIMEOUT_MS,
    retryPauseMs: env.SIMULATOR_RETRY_PAUSE_MS,
    ipAllowList: env.SIMULATOR_IP_ALLOW_LIST,
    callbackIps: env.SIMULATOR_CALLBACK_IPS,
    claimLogUrl: (env.CLAIM_LOG_URL ?? `http://127.0.0.1:${env.CLAIM_LOG_PORT}`).replace(/\/$/, ''),
    ingressUrl: ingressUrl.replace(/\/$/, ''),
    tillToken: env.TILL_TOKEN || undefined,
    pay: merchantDir && platformDir ? { merchantDir, platformDir, tlsPort, keepBook: true } : undefined,
    logLevel: env.LOG_LEVEL,
  };
}
