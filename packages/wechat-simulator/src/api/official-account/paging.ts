import { refuse } from '../../rules/refusal.ts';

const pageMax = 10_000;

/**
 * The openids behind `after` (missing, null or empty: from the start). `next` is the last of the page, as on the platform, and
 * empty when the page is: a client that asks on until it gets an empty one ends (client-libraries 1.11). An unknown openid is 40003.
 */
export function pageAfter(openids: readonly string[], after: unknown): { page: string[]; next: string } {
  const start = typeof after === 'string' && after !== '' ? openids.indexOf(after) + 1 : 0;
  if (start === 0 && typeof after === 'string' && after !== '') refuse(40003);
  const page = openids.slice(start, start + pageMax);
  return { page, next: page.at(-1) ?? '' };
}
