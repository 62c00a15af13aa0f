import type { BreakerOptions } from '@lingquan/breaker';
import type { Log } from '@lingquan/log';
import type { Merchant } from '@lingquan/merchant';
import type { Registry } from 'prom-client';
import { addresses, originOf } from './addresses.ts';
import { retryDefaults, type RetryOptions } from './attempts.ts';
import { billBytesMax } from './bill-file.ts';
import { callFamilies } from './families.ts';
import type { WechatPay } from './port.ts';
import { openTransport, type TransportOptions } from './transport.ts';
import { v2Calls } from './v2/calls.ts';
import { v3Calls } from './v3/calls.ts';
import { downloadCertificates } from './v3/certificates.ts';
import { platformKeys } from './v3/platform-keys.ts';

export type WechatPayOptions = {
  /** Its `api` says by which version calls are made. */
  merchant: Merchant;
  /** Without a path. */
  baseUrl: string;
  /** Another entry of the platform, for when the first does not answer (reference 0.1). */
  secondBaseUrl?: string;
  /** Where v2 refunds go, with the merchant's certificate; `baseUrl` when left away. */
  v2TlsUrl?: string;
  log: Log;
  metrics: Registry;
  /** For one try of a call, connecting included. */
  timeoutMs?: number;
  breaker?: Pick<BreakerOptions, 'callsMin' | 'resetMs'>;
  retry?: Partial<RetryOptions>;
  /** Milliseconds; the process's clock when left away. */
  now?: () => number;
};

/** The platform answers within a second when it is well. */
const TIMEOUT_MS = 5000;
/** A large bill takes its time, but not for ever. */
const BILL_TIMEOUT_MS = 60_000;
/** The longest answer but bills is a refund query with fifty refunds. */
const ANSWER_BYTES_MAX = 512 * 1024;

/** Opens WeChat Pay for a merchant. `start` fetches the platform's certificates; calls may be made before. */
export function connectWechatPay(options: WechatPayOptions): WechatPay {
  const { merchant, baseUrl, log, metrics, timeoutMs = TIMEOUT_MS, now = Date.now } = options;
  const second = options.secondBaseUrl === undefined ? [] : [originOf(options.secondBaseUrl)];
  const places = addresses([originOf(baseUrl), ...second]);
  const families = callFamilies({
    log,
    metrics,
    retry: { ...retryDefaults, ...options.retry },
    ...(options.breaker === undefined ? {} : { breaker: options.breaker }),
  });
  const open = (more: Partial<TransportOptions> = {}) =>
    openTransport({ timeoutMs, answerBytesMax: ANSWER_BYTES_MAX, ...more });
  const transport = open();
  const files = open({ timeoutMs: Math.max(timeoutMs, BILL_TIMEOUT_MS), answerBytesMax: billBytesMax });
  const mutual = open({ tls: merchant.tls });
  const { call } = families;
  const keys = platformKeys({
    publicKey: merchant.publicKey,
    download: () =>
      call('certificates', places, (origin) => downloadCertificates({ merchant, transport, now }, origin)),
    log,
    now,
  });
  const calls =
    merchant.api === 'v3'
      ? v3Calls({ merchant, transport, files, keys, call, places, now })
      : v2Calls({
          merchant,
          transport,
          files,
          call,
          places,
          mutual: { transport: mutual, places: addresses([originOf(options.v2TlsUrl ?? baseUrl)]) },
        });
  return {
    ...calls,
    platformCertificates: keys.certificates,
    lookForCertificates: keys.lookForNew,
    start: keys.start,
    stop: async () => {
      families.stop();
      await Promise.all([transport, files, mutual].map((one) => one.close()));
      await keys.stop();
    },
  };
}
