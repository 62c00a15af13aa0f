import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Log } from '@lingquan/log';
import { isPublicKeyId, readCertificate, sameSerialForm } from '@lingquan/wechat-pay';
import type { KeyRing } from '@lingquan/wechat-pay';
import type { NoticeKeys } from '@lingquan/merchant';

/** The keys notices may be signed with. */
export type PlatformKeys = {
  /** By serial; what is over or not yet in effect is not found. */
  ring: KeyRing;
  /**
   * Asks for newer certificates because this serial is not in the ring, unless that was done a moment ago. Resolves with whether the ring
   * may be believed now: false while the certificates could not be had.
   */
  renewFor: (serial: string) => Promise<boolean>;
  stop: () => void;
};

export type PlatformKeysOptions = {
  publicKey: NoticeKeys['publicKey'];
  /** The platform's certificates, PEM; rejects when they cannot be had. */
  fetch: () => Promise<readonly { pem: string }[]>;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
};

/** Below the 12 hours the platform asks for (reference B.4). */
const REFRESH_MS = 6 * 3600 * 1000;
const AGAIN_MS = 60_000;
/** Unknown serials cause a question at most this often (reference B.3): anybody can make one up. */
const UNKNOWN_PAUSE_MS = 3 * 60_000;
/** After a question that failed the next one may come this soon; the breaker does the rest. */
const FAILED_PAUSE_MS = 1000;

type Certificate = { key: KeyObject; effectiveAtMs: number; expiresAtMs: number };

/** The keys in memory: the configured public key, and certificates fetched at the start, every few hours, and when one is missing. */
export function watchPlatformKeys({ publicKey, fetch, log, now }: PlatformKeysOptions): PlatformKeys {
  let certificates: ReadonlyMap<string, Certificate> | undefined;
  let fetching: Promise<boolean> | undefined;
  let nextAskAt = 0; // performance.now(): the clock of notices may be another one
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const renew = (): Promise<boolean> => (fetching ??= load().finally(() => (fetching = undefined)));

  async function load(): Promise<boolean> {
    try {
      const list = await fetch();
      certificates = new Map(list.map(({ pem }) => certificateOf(pem)));
      nextAskAt = performance.now() + UNKNOWN_PAUSE_MS;
      return true;
    } catch (error) {
      nextAskAt = performance.now() + FAILED_PAUSE_MS;
      const level = publicKey === undefined ? 'warn' : 'debug'; // with a public key nothing may need them
      log[level]({ err: error }, "the platform's certificates cannot be had");
      return false;
    }
  }

  async function keepFresh(): Promise<void> {
    const loaded = await renew();
    if (stopped) return;
    timer = setTimeout(() => void keepFresh(), loaded ? REFRESH_MS : AGAIN_MS);
    timer.unref();
  }

  function get(serial: string): KeyObject | undefined {
    if (isPublicKeyId(serial)) return serial === publicKey?.id ? publicKey.key : undefined;
    const certificate = certificates?.get(sameSerialForm(serial));
    if (certificate === undefined) return undefined;
    const at = now();
    return certificate.effectiveAtMs <= at && at < certificate.expiresAtMs ? certificate.key : undefined;
  }

  void keepFresh();
  return {
    ring: { get },
    renewFor: async (serial) => {
      if (isPublicKeyId(serial)) return true; // it is configured, or it is none of ours
      if (fetching === undefined && performance.now() < nextAskAt) return certificates !== undefined;
      return renew();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function certificateOf(pem: string): [serial: string, certificate: Certificate] {
  const { serialNo, effectiveAtMs, expiresAtMs } = readCertificate(pem);
  return [sameSerialForm(serialNo), { key: new X509Certificate(pem).publicKey, effectiveAtMs, expiresAtMs }];
}
