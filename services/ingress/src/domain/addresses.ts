import { AppError } from '@lingquan/errors';
import ipaddr from 'ipaddr.js';

/** Whether an address belongs to a set. What is no address belongs to none. */
export type Addresses = (address: string) => boolean;

const VERDICTS_MAX = 10_000;

export const isAddress = (text: string): boolean => ipaddr.isValid(text);

/** Whether this is an address or a CIDR range, of IPv4 or IPv6. */
export const isRange = (text: string): boolean => ipaddr.isValid(text) || ipaddr.isValidCIDR(text);

/**
 * The set of these addresses and CIDR ranges; IPv4 written as IPv6 counts as IPv4. Verdicts are kept per address: pushes come
 * from few, and parsing takes longer than looking up. Throws `invalid` for what is neither.
 */
export function addressesOf(ranges: readonly string[]): Addresses {
  const parsed = ranges.map(parseRange);
  const verdicts = new Map<string, boolean>();
  return (address) => {
    const known = verdicts.get(address);
    if (known !== undefined) return known;
    const verdict = isWithin(address, parsed);
    if (verdicts.size >= VERDICTS_MAX) verdicts.clear();
    verdicts.set(address, verdict);
    return verdict;
  };
}

export const isLoopback: Addresses = addressesOf(['127.0.0.0/8', '::1']);

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

function parseRange(text: string): Range {
  if (!isRange(text)) throw new AppError('invalid', 'not an address or a CIDR range');
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isWithin(text: string, ranges: readonly Range[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return ranges.some((range) => range[0].kind() === address.kind() && address.match(range));
}
