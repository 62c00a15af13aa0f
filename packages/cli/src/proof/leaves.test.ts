import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { appendCheck, digitsOf, readCode } from '@lingquan/coupon-issuer/domain/check-digit.ts';
import { decideClaim } from '@lingquan/coupon-issuer/domain/claim.ts';
import { matchesPattern as issuerMatches } from '@lingquan/coupon-issuer/domain/keyword.ts';
import { withoutBounds } from '@lingquan/coupon-issuer/domain/rules.ts';
import { envelopeOf, toHeaders } from '@lingquan/events';
import { CampaignStatus, CouponEventSchema, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import { isSound } from './check-digit.ts';
import { dueOutcome, reasonName } from './decision.ts';
import { headOf } from './head.ts';
import { keyTable } from './key-table.ts';
import { matchesPattern } from './pattern.ts';
import { couponFactOf } from './read-fact.ts';

test('a check digit is right exactly when the issuer says so', () => {
  for (let n = 1; n < 2000; n += 1) {
    const code = appendCheck(digitsOf(n % 40, 3) + digitsOf(n * 7_919_317, 10));
    expect(isSound(code)).toBe(true);
    const place = n % code.length;
    const other = code.slice(0, place) + '0123456789'[n % 10]! + code.slice(place + 1);
    expect([other, isSound(other)]).toEqual([other, readCode(other) !== undefined]);
  }
  for (const code of ['', '0', 'IIIIIIIIIIIIII', '券券券券券券券券券券券券券券']) expect(isSound(code)).toBe(false);
});

test('what a claim is due is what the issuer decides, in every case there is', () => {
  const times = [0, 10, 20, 30];
  for (const status of [CampaignStatus.LIVE, CampaignStatus.PAUSED])
    for (const claims of [0, 2])
      for (const held of [0, 1, 2])
        for (const opensAtMs of [undefined, 10])
          for (const closesAtMs of [undefined, 20])
            for (const validUntilMs of [undefined, 15])
              for (const timeMs of times) {
                const rules = { ...withoutBounds, validUntilMs };
                const campaign = {
                  id: 'c',
                  number: 1,
                  appid: '',
                  name: '',
                  keyword: '',
                  match: KeywordMatch.EXACT,
                  limitPerUser: 2,
                  stock: 2,
                  status,
                };
                const worth = { kind: CouponKind.AMOUNT, valueFen: 1, percent: 0, thresholdFen: 0, capFen: 0 };
                const decided = decideClaim({ ...campaign, worth, rules, opensAtMs, closesAtMs }, claims, held, timeMs);
                const overAtMs = Math.min(closesAtMs ?? Infinity, validUntilMs ?? Infinity);
                const standing = {
                  stock: 2,
                  claims,
                  limit: 2,
                  held,
                  status,
                  opensAtMs: opensAtMs ?? -Infinity,
                  overAtMs,
                  timeMs,
                };
                expect([standing, dueOutcome(standing)]).toEqual([
                  standing,
                  decided.kind === 'granted' ? 0 : decided.refusal,
                ]);
              }
  expect([reasonName(2), reasonName(77)]).toEqual(['sold_out', '77']);
});

test('a pattern fits what the issuer says it fits', () => {
  const patterns = ['', '*', '春*', '*券', '春?券', '**', 'a*b*c', '?', 'a**b'];
  const texts = ['', '春', '春日', '春日券', '日券', 'abc', 'aXbYc', 'ab', '券'];
  for (const pattern of patterns)
    for (const text of texts)
      expect([pattern, text, matchesPattern(pattern, text)]).toEqual([pattern, text, issuerMatches(pattern, text)]);
});

test('a head is read as the envelope is', () => {
  const id = '3e5718fe-a51e-8f39-8a86-85fe8f88cf7a';
  for (const timeMs of [0, 951_782_400_123, Date.UTC(2024, 1, 29, 23, 59, 59, 999), Date.UTC(2026, 11, 31)]) {
    const headers = toHeaders({ id, source: 's', type: 't', timeMs });
    const received = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
    expect(headOf(received)).toEqual({ id, timeMs });
    expect(headOf(headers).timeMs).toBe(envelopeOf(headers).timeMs);
  }
  const told = (time: string | undefined) => ({
    ce_id: Buffer.from(id),
    ...(time === undefined ? {} : { ce_time: Buffer.from(time) }),
  });
  expect(headOf(told('2026-06-01T08:00:00+08:00')).timeMs).toBe(Date.UTC(2026, 5, 1));
  for (const time of [undefined, '', 'never', '2026-06-0xT00:00:00.000Z'])
    expect(() => headOf(told(time))).toThrow('ce_time');
  expect(() => headOf({ ...told('2026-06-01T00:00:00.000Z'), ce_id: Buffer.from('short') })).toThrow('ce_id');
});

test('keys are numbered as they come, found again, and apart by kind', () => {
  const table = keyTable();
  for (let n = 0; n < 20_000; n += 1) expect(table.put(`key-${n}`)).toBe(n);
  for (let n = 0; n < 20_000; n += 997) expect([table.put(`key-${n}`), table.find(`key-${n}`)]).toEqual([n, n]);
  expect([table.find('other'), table.find('key-1', 7), table.put('key-1', 7), table.size()]).toEqual([
    undefined,
    undefined,
    20_000,
    20_001,
  ]);
  expect(table.bytes() / table.size()).toBeLessThan(30);
});

test('an outcome read field by field is what the message says', () => {
  const event = create(CouponEventSchema, {
    causeId: 'cause',
    appid: 'wx1',
    campaignId: '春',
    openid: 'o1',
    event: {
      case: 'couponClaimed',
      value: {
        code: 'K7',
        campaignName: '春日券',
        value: { kind: CouponKind.AMOUNT, valueFen: 500n },
        expiresAt: timestampFromMs(1_790_000_000_123),
      },
    },
  });
  const value = Buffer.from(toBinary(CouponEventSchema, event));
  const headers = toHeaders({ id: '3e5718fe-a51e-8f39-8a86-85fe8f88cf7a', source: 's', type: 't', timeMs: 5 });
  const record = { topic: 'coupon.events', partition: 1, offset: 7, key: null, value, headers };
  expect(couponFactOf(record)).toMatchObject({
    kind: 'outcome',
    causeId: 'cause',
    campaignId: '春',
    openid: 'o1',
    code: 'K7',
    expiresAtMs: 1_790_000_000_123,
    refusal: 0,
  });
  expect(() => couponFactOf({ ...record, value: value.subarray(0, -3) })).toThrow('torn');
});
