import { hash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same, in a time that tells nothing about either, not even its length. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));

/** The token of `Authorization: Bearer …`, or undefined. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +([^\s]{1,512})$/i.exec(authorization ?? '')?.[1];
