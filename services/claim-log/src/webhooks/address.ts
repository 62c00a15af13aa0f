import { AppError } from '@lingquan/errors';
import ipaddr from 'ipaddr.js';

/** Whether an address is one anybody may be reached at: not loopback, private, link-local, shared, mapped or otherwise special. */
export const isPublic = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/** The host of a URL as an address, when it is written as one; undefined for a name. */
export function literalOf(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : undefined;
}

const URL_MAX = 2000;

/**
 * Checks where a webhook is to be sent; without `allowPrivate` it must be https and no address of an inner network. Names are looked
 * at when connecting, because what they stand for changes. Throws `invalid`.
 */
export function checkUrl(text: string, allowPrivate: boolean): string {
  const url = URL.parse(text);
  const wrong = (why: string) => new AppError('invalid', `url: ${why}`);
  if (url === null || text.length > URL_MAX || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw wrong(`must be an https:// address of at most ${URL_MAX} characters`);
  if (url.username !== '' || url.password !== '') throw wrong('must not hold a name or password');
  if (url.hash !== '') throw wrong('must have no part behind #');
  if (allowPrivate) return url.href;
  if (url.protocol !== 'https:') throw wrong('must begin with https://');
  const address = literalOf(url.hostname);
  if ((address !== undefined && !isPublic(address)) || /(^|\.)localhost\.?$/i.test(url.hostname))
    throw wrong('must not lead into an inner network');
  return url.href;
}
