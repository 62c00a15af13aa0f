import { AppError } from '@lingquan/errors';
import { addressesOf, isLoopback } from '../domain/addresses.ts';
import { addressLimit } from '../domain/address-limit.ts';
import type { CallbackAddresses } from '../store/callback-addresses.ts';

/** Where the address a request comes from is looked at. */
export type Door = {
  /** Throws `unauthorized` when there is an allow-list and the address is not on it. */
  check: (appid: string, address: string) => void;
  /** Counts a request; whether its address is over the limit. */
  isOver: (address: string, nowMs: number) => boolean;
  giveBack: (address: string) => void;
};

export type DoorOptions = {
  /** Addresses and ranges that may push, beside what the platform's own list names. */
  allowed: readonly string[];
  /** Undefined: the default, and not for loopback. */
  perMinute: number | undefined;
  callbackAddresses: Pick<CallbackAddresses, 'of'>;
};

/** A thousand a second from one address: far more than one of the platform's servers sends. */
export const PER_MINUTE_DEFAULT = 60_000;

export function openDoor({ allowed, perMinute, callbackAddresses }: DoorOptions): Door {
  const configured = allowed.length > 0 ? addressesOf(allowed) : undefined;
  const limit = addressLimit(perMinute ?? PER_MINUTE_DEFAULT);
  return {
    check: (appid, address) => {
      if (configured === undefined && isLoopback(address)) return;
      const platform = callbackAddresses.of(appid);
      if (configured === undefined && platform === undefined) return; // no list: the signature is the real check
      if (configured?.(address) || platform?.(address)) return;
      throw new AppError('unauthorized', 'the address is not on the list of those that may push');
    },
    isOver: (address, nowMs) => (perMinute !== undefined || !isLoopback(address)) && limit.take(address, nowMs),
    giveBack: (address) => limit.giveBack(address),
  };
}
