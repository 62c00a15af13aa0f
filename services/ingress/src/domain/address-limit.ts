/** Counts what one address does in a minute. */
export type AddressLimit = {
  /** Counts one request; whether the address is over its limit. */
  take: (address: string, nowMs: number) => boolean;
  /** Takes one back: it was WeChat's repeat of a push already counted. */
  giveBack: (address: string) => void;
};

const MINUTE_MS = 60_000;
/** More addresses than this in one minute are no longer counted each: the memory is bounded, the signature still checked. */
const ADDRESSES_MAX = 100_000;

/**
 * At most `perMinute` requests of one address in a minute of the clock; 0 is no limit. Kept in this process's memory: its
 * purpose is to keep one address from occupying this instance, not to count across instances.
 */
export function addressLimit(perMinute: number): AddressLimit {
  let minute = 0;
  const counts = new Map<string, number>();
  return {
    take: (address, nowMs) => {
      if (perMinute === 0) return false;
      const current = Math.floor(nowMs / MINUTE_MS);
      if (current !== minute) counts.clear();
      minute = current;
      const count = (counts.get(address) ?? 0) + 1;
      if (count === 1 && counts.size >= ADDRESSES_MAX) return false;
      counts.set(address, count);
      return count > perMinute;
    },
    giveBack: (address) => {
      const count = counts.get(address);
      if (count !== undefined) counts.set(address, count - 1);
    },
  };
}
