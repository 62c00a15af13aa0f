import { createHash, randomBytes, randomInt } from 'node:crypto';

/** 28 characters, as the platform's openids are. The same parts give the same openid, so that followers survive a restart. */
export function openidFor(...parts: string[]): string {
  return `o${createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 27)}`;
}

export function newOpenid(): string {
  return `o${randomBytes(32).toString('base64url').slice(0, 27)}`;
}

/** Long as the platform's own (136 characters), opaque, from the alphabet that needs no escaping in a query. */
export function newAccessToken(): string {
  return `${randomInt(60, 99)}_${randomBytes(100).toString('base64url').slice(0, 133)}`;
}

/** For tickets, one-time codes, media ids and the like: `bytes` of chance as base64url. */
export function newOpaque(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** The request id in error texts, `6a1b2c3d-0a1b2c3d-1a2b3c4d`: the second first, then chance. */
export function newRid(atSeconds: number): string {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return `${hex(atSeconds)}-${hex(randomInt(2 ** 32))}-${hex(randomInt(2 ** 32))}`;
}

/** A message id of the platform's size (above 2^53, below 2^63) as decimal text. */
export function newMessageId(atSeconds: number): string {
  return ((BigInt(atSeconds) << 32n) | BigInt(randomInt(2 ** 32))).toString();
}
