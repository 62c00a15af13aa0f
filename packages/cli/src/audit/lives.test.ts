import { expect, test } from '@jest/globals';
import type { AuditEvent } from './event.ts';
import {
  claim,
  claimUntil,
  expired,
  ledgerOf,
  locked,
  redeemed,
  released,
  returned,
  revoked,
} from '../../test/planted.ts';

/** Events are timed 1000 + their number; the clock of the audit stands a little later. */
const NOW_MS = 2000;

function found(events: AuditEvent[], nowMs = NOW_MS): Record<string, number> {
  const ledger = ledgerOf(...events);
  const results = ledger.lives.results((code) => ledger.claimByCode(code) !== undefined, nowMs);
  return Object.fromEntries(results.map(({ id, found: count }) => [id, count]));
}

const fine = { life: 0, expiry: 0, locks: 0 };

test.each<[string, AuditEvent[]]>([
  ['locked, released, used at a till', [claim(1), locked(1, 2, 'A'), released(1, 3, 'A'), redeemed(1, 4)]],
  [
    'used by its order, back, used by another',
    [claim(1), locked(1, 2, 'A'), redeemed(1, 3, 'A'), returned(1, 4, 'A'), locked(1, 5, 'B'), redeemed(1, 6, 'B')],
  ],
  ['released and then paid late', [claim(1), locked(1, 2, 'A'), released(1, 3, 'A'), redeemed(1, 4, 'A')]],
  [
    'expired while its order was closed, and then paid late',
    [claimUntil(1, 1003), locked(1, 2, 'A'), released(1, 3, 'A'), expired(1, 4), redeemed(1, 5, 'A')],
  ],
  ['revoked', [claim(1), revoked(1, 2)]],
  [
    'back after its time',
    [claimUntil(1, 1003), locked(1, 2, 'A'), redeemed(1, 4, 'A'), returned(1, 5, 'A'), expired(1, 6)],
  ],
])('%s is in order', (_what, events) => {
  expect(found(events)).toEqual(fine);
});

test.each<[string, AuditEvent[]]>([
  ['a second redemption at a till', [claim(1), redeemed(1, 2), redeemed(1, 3)]],
  ['a second redemption by another order', [claim(1), locked(1, 2, 'A'), redeemed(1, 3, 'A'), redeemed(1, 4, 'B')]],
  ['a till taking what an order holds', [claim(1), locked(1, 2, 'A'), redeemed(1, 3)]],
  ['an order taking what another holds', [claim(1), locked(1, 2, 'A'), redeemed(1, 3, 'B')]],
  ['two orders holding it', [claim(1), locked(1, 2, 'A'), locked(1, 3, 'B')]],
  ['a release by another order', [claim(1), locked(1, 2, 'A'), released(1, 3, 'B')]],
  ['a return of what was never used', [claim(1), returned(1, 2, 'A')]],
  ['a return by another order', [claim(1), locked(1, 2, 'A'), redeemed(1, 3, 'A'), returned(1, 4, 'B')]],
  ['a use after it was revoked', [claim(1), revoked(1, 2), redeemed(1, 3)]],
  ['a redemption without a claim', [redeemed(1, 2)]],
])('%s is found', (_what, events) => {
  expect(found(events)).toMatchObject({ life: 1 });
});

test('a use past its time, an end before it and an end that never came are found', () => {
  expect(found([claimUntil(1, 1003), redeemed(1, 3)])).toMatchObject({ expiry: 1 });
  expect(found([claimUntil(1, 1003), locked(1, 3, 'A')])).toMatchObject({ expiry: 1 });
  expect(found([claimUntil(1, 1009), expired(1, 3)])).toMatchObject({ expiry: 1 });
  expect(found([claimUntil(1, 1003)], 1003 + 60_001)).toMatchObject({ expiry: 1 });
  expect(found([claimUntil(1, 1003)], 1003 + 59_000)).toEqual(fine);
});

test('a hold past its time is found, with its place', () => {
  expect(found([claim(1), locked(1, 2, 'A', 1500)], 1500 + 59_000)).toEqual(fine);
  const ledger = ledgerOf(claim(1), locked(1, 2, 'A', 1500));
  const locks = ledger.lives.results(() => true, 1500 + 60_001).find(({ id }) => id === 'locks');
  expect(locks).toMatchObject({ found: 1, evidence: [expect.stringMatching(/CODE-1.*A.*coupon\.events\[0\]@2/)] });
});

test('a fact published again changes nothing', () => {
  const use = redeemed(1, 2);
  expect(found([claim(1), use, { ...use, offset: 9 }])).toEqual(fine);
});
