import { hash, timingSafeEqual } from 'node:crypto';

/**
 * WeChat's digest of a push, a URL check or an envelope: the parts sorted, joined without a separator, as lower-case hex SHA-1.
 * The order is that of bytes, not of numbers or of a language; JavaScript's own string order is the same for everything WeChat
 * signs (ASCII). Source: "Message Push", signature and msg_signature; reference section 1 and 2.1.
 */
export function signatureOf(parts: readonly string[]): string {
  return hash('sha1', parts.toSorted().join(''));
}

/** Whether `signature` is the digest of `parts`. Takes the same time wherever the two differ. */
export function signatureMatches(signature: string, parts: readonly string[]): boolean {
  return sameText(signature, signatureOf(parts));
}

/** Compares two short texts in a time that depends on their lengths only. */
export function sameText(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
