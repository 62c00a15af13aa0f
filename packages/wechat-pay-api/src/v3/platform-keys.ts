import { createPublicKey, type KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@lingquan/log';
import type { PlatformPublicKey } from '@lingquan/merchant';
import { isPublicKeyId, sameSerialForm } from '@lingquan/wechat-pay';
import type { KeyRing, PlatformCertificate } from '@lingquan/wechat-pay';
import type { PayOutcome } from '../outcome.ts';

/** The keys the platform signs with, in both modes at once (reference B.4). */
export type PlatformKeys = {
  ring: KeyRing;
  /** The certificates that have not expired. */
  certificates: () => PlatformCertificate[];
  /** Downloads once more because a serial is not known; at most once in a few minutes, or joins a download under way. */
  lookForNew: () => Promise<void>;
  /** Resolves after the first try; goes on trying, and refreshing, until `stop`. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
};

/** The platform asks for an interval under 12 h. */
const REFRESH_MS = 10 * 3600 * 1000;
/** What comes with a serial nobody knows must not make us call the platform for each. */
const LOOK_AGAIN_MS = 3 * 60 * 1000;

export type PlatformKeysOptions = {
  publicKey: PlatformPublicKey | undefined;
  /** Downloads; `none` when the merchant has no certificates, only the public key. */
  download: () => Promise<PayOutcome<PlatformCertificate[] | 'none'>>;
  log: Log;
  now: () => number;
  /** Between tries while there is none. */
  retryMs?: number;
};

export function platformKeys({ publicKey, download, log, now, retryMs = 5000 }: PlatformKeysOptions): PlatformKeys {
  const known = new Map<string, { certificate: PlatformCertificate; key: KeyObject }>();
  const stopping = new AbortController();
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<boolean> | undefined;
  let running: Promise<void> = Promise.resolve();

  /** Whether it is known now what there is. */
  async function refresh(): Promise<boolean> {
    triedAtMs = now();
    const outcome = await download();
    if (outcome.kind === 'failed') {
      log.warn({ failure: outcome.failure, code: outcome.code }, 'the platform certificates did not come');
      return false;
    }
    if (outcome.value === 'none') return true;
    const before = known.size;
    for (const certificate of outcome.value)
      known.set(sameSerialForm(certificate.serialNo), { certificate, key: createPublicKey(certificate.pem) });
    dropExpired();
    if (known.size !== before)
      log.info({ serials: certificates().map(({ serialNo }) => serialNo) }, 'platform certificates');
    return true;
  }

  const refreshOnce = () => (underWay ??= refresh().finally(() => (underWay = undefined)));

  function dropExpired(): void {
    for (const [serial, { certificate }] of known) if (certificate.expiresAtMs <= now()) known.delete(serial);
  }

  const certificates = () =>
    [...known.values()].map(({ certificate }) => certificate).filter(({ expiresAtMs }) => expiresAtMs > now());

  async function keepFresh(first: boolean): Promise<void> {
    let isKnown = first;
    const { signal } = stopping;
    while (!signal.aborted) {
      const pauseMs = isKnown ? REFRESH_MS * (0.9 + Math.random() / 10) : retryMs;
      // Waiting for the next one must not keep a process alive.
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) isKnown = await refreshOnce();
    }
  }

  return {
    ring: {
      get: (serial) => {
        if (isPublicKeyId(serial)) return serial === publicKey?.id ? publicKey.key : undefined;
        const found = known.get(sameSerialForm(serial));
        return found !== undefined && found.certificate.expiresAtMs > now() ? found.key : undefined;
      },
    },
    certificates,
    lookForNew: async () => {
      if (underWay !== undefined || now() - triedAtMs >= LOOK_AGAIN_MS) await refreshOnce();
    },
    start: async () => {
      const first = await refreshOnce();
      running = keepFresh(first);
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
