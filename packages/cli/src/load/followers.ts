import { createHash, randomInt } from 'node:crypto';

/** Who sends the n-th push: everyone once, or `count` followers in turn. */
export type Followers = 'distinct' | number;

/** The openid behind the n-th push: 28 characters like WeChat's, the same for the same seed. */
export const openidOf = (seed: string, followers: Followers, n: number): string => {
  const follower = followers === 'distinct' ? n : n % followers;
  return `o${createHash('sha256').update(`${seed}:${follower}`).digest('base64url').slice(0, 27)}`;
};

const PREFIX_MIN = 1_000_000_000;
const PREFIX_MAX = 9_000_000_000;

/**
 * MsgIds of one run: 64-bit, rising, and different from every other run's (ten random digits before the count), because a
 * MsgId seen before is a repeat to the system.
 */
export function messageIds(prefix = randomInt(PREFIX_MIN, PREFIX_MAX)): (n: number) => string {
  return (n) => `${prefix}${String(n).padStart(9, '0')}`;
}
