import type { Redis } from '@lingquan/redis';
import { addressesOf, isRange } from '../domain/addresses.ts';
import type { Addresses } from '../domain/addresses.ts';

/** The platform's own list of addresses it pushes from, per account. */
export type CallbackAddresses = {
  /** Undefined while no list is known: then the signature alone decides. */
  of: (appid: string) => Addresses | undefined;
  stop: () => void;
};

const REFRESH_MS = 60_000;

/** Where the notifier, the only owner of access tokens, keeps what the platform answered: a JSON array of addresses and ranges. */
export const callbackAddressesKey = (prefix: string, appid: string): string => `${prefix}callback-ips:{${appid}}`;

/**
 * Reads the lists now and every minute. The last list known is kept while Redis is away, empty or wrong: half a list, or none
 * by mistake, would shut real pushes out or let others in.
 */
export async function watchCallbackAddresses(
  redis: Redis,
  prefix: string,
  appids: readonly string[],
  onFailure: (error: unknown) => void,
): Promise<CallbackAddresses> {
  const lists = new Map<string, { text: string; addresses: Addresses }>();
  const refresh = async () => {
    const texts = await Promise.all(appids.map((appid) => redis.get(callbackAddressesKey(prefix, appid))));
    appids.forEach((appid, place) => {
      const text = texts[place];
      const ranges =
        text === null || text === undefined || text === lists.get(appid)?.text ? undefined : rangesOf(text);
      if (ranges !== undefined) lists.set(appid, { text: text!, addresses: addressesOf(ranges) });
    });
  };
  await refresh().catch(onFailure);
  const timer = setInterval(() => void refresh().catch(onFailure), REFRESH_MS);
  timer.unref();
  return { of: (appid) => lists.get(appid)?.addresses, stop: () => clearInterval(timer) };
}

/** The ranges of a list that is whole, or undefined. */
export function rangesOf(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    const whole =
      Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string' && isRange(one));
    return whole ? (list as string[]) : undefined;
  } catch {
    return undefined; // not JSON: the last list stays
  }
}
