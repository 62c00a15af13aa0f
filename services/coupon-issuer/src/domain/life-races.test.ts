import { expect, test } from '@jest/globals';
import { closesAtMs, owned } from '../../test/builders.ts';
import { commands, racedAtMs, races, starts } from '../../test/races.ts';
import { reasonName } from '../../test/reason-name.ts';
import type { Racer } from '../../test/races.ts';
import { decideLife, passTime } from './life.ts';
import type { OwnedCoupon } from './owned-coupon.ts';

function run(coupon: OwnedCoupon, racer: Racer): { coupon: OwnedCoupon; said: string | undefined } {
  if (racer === 'expire') {
    const step = passTime(coupon, closesAtMs);
    return { coupon: step.coupon, said: step.facts.some(({ kind }) => kind === 'expired') ? 'expired' : 'nothing' };
  }
  const { coupon: after, answer } = decideLife(coupon, commands[racer], racedAtMs);
  return { coupon: after, said: answer.kind === 'not done' ? reasonName(answer.why.reason) : answer.kind };
}

test.each(races)('$start: whoever comes first wins: $first, then $second', ({ start, first, second, state, said }) => {
  const one = run(owned({ life: starts[start] }), first);
  const two = run(one.coupon, second);
  expect({ state: two.coupon.life.state, said: [one.said, two.said] }).toEqual({ state, said });
});

test('every pair of lock, redeem, return, expire and revoke races in both orders', () => {
  const ordered = new Set(races.map(({ first, second }) => `${first}, ${second}`));
  const kinds: Racer[] = ['lock', 'redeem', 'return', 'expire', 'revoke'];
  const pairs = kinds.flatMap((one) => kinds.filter((other) => other !== one).map((other) => `${one}, ${other}`));
  expect(pairs.filter((pair) => !ordered.has(pair))).toEqual([]);
});
