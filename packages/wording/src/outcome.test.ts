import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import {
  CouponClaimRefusedSchema,
  CouponClaimedSchema,
  CouponKind,
  CouponValueSchema,
  RefusalReason,
} from '@lingquan/events/coupon.ts';
import type { Reply } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { languages, wordOutcome } from './index.ts';

const now = Date.parse('2026-11-21T02:00:00Z');
const value = create(CouponValueSchema, { kind: CouponKind.THRESHOLD, valueFen: 500n, thresholdFen: 3000n });

const claimed = (closesAt?: string, expiresAt?: string): Reply['outcome'] => ({
  case: 'claimed',
  value: create(CouponClaimedSchema, {
    code: '123456789012',
    campaignName: '秋日礼遇',
    value,
    ...(closesAt && { closesAt: timestampFromMs(Date.parse(closesAt)) }),
    ...(expiresAt && { expiresAt: timestampFromMs(Date.parse(expiresAt)) }),
  }),
});

const refused = (reason: RefusalReason, more: { firstCode?: string; opensAt?: string } = {}): Reply['outcome'] => ({
  case: 'refused',
  value: create(CouponClaimRefusedSchema, {
    reason,
    campaignName: '秋日礼遇',
    value,
    firstCode: more.firstCode ?? '',
    ...(more.opensAt && { opensAt: timestampFromMs(Date.parse(more.opensAt)) }),
  }),
});

const say = (outcome: Reply['outcome']) => wordOutcome(outcome, { language: 'zh', now });

test('a claim says what the coupon is worth, its code on a line of its own, and until when', () => {
  expect(say(claimed('2026-11-30T16:00:00Z'))).toBe(
    '领取成功！秋日礼遇，满30减5\n券码：123456789012\n有效期至 12月1日 00:00\n请妥善保管，结账时出示即可。',
  );
});

test("the coupon's own end is said, not the campaign's", () => {
  expect(say(claimed('2026-11-30T16:00:00Z', '2026-11-25T03:30:00Z'))).toContain('有效期至 11月25日 11:30');
  expect(say(claimed(undefined, '2026-12-25T03:30:00Z'))).toContain('有效期至 12月25日 11:30');
});

test('the year is named when it is another one', () => {
  expect(say(claimed('2027-01-31T15:59:00Z'))).toContain('有效期至 2027年1月31日 23:59');
});

test('a campaign without an end promises none', () => {
  expect(say(claimed())).not.toMatch(/有效期|undefined/);
});

test('whoever has one already is shown the first code', () => {
  const text = say(refused(RefusalReason.LIMIT_REACHED, { firstCode: '998877665544' }));
  expect(text?.split('\n')).toContain('券码：998877665544');
  expect(text).toContain('满30减5');
});

test.each(languages)('the code stands alone on its line, once, in %s', (language) => {
  for (const outcome of [claimed(), refused(RefusalReason.LIMIT_REACHED, { firstCode: '123456789012' })]) {
    const lines = wordOutcome(outcome, { language, now })!.split('\n');
    expect(lines.filter((line) => line.startsWith('券码：'))).toEqual(['券码：123456789012']);
  }
});

test('a limit without a code to show does not promise one', () => {
  expect(say(refused(RefusalReason.LIMIT_REACHED))).not.toContain('券码');
});

test('before the opening it says when, in Beijing time', () => {
  expect(say(refused(RefusalReason.NOT_OPEN_YET, { opensAt: '2026-12-01T02:00:00Z' }))).toContain('12月1日 10:00');
  expect(say(refused(RefusalReason.NOT_OPEN_YET))).toContain('还没开始');
});

test.each([
  [RefusalReason.SOLD_OUT, '领完了'],
  [RefusalReason.OVER, '结束'],
  [RefusalReason.PAUSED, '暂停'],
  [RefusalReason.NOT_ENTITLED, '不符合'],
  [RefusalReason.UNSPECIFIED, '没能领到'],
  [99 as RefusalReason, '没能领到'],
])('refusal %s is said plainly', (reason, word) => {
  expect(say(refused(reason))).toContain(word);
  expect(say(refused(reason))).toContain('秋日礼遇');
});

test('nothing is said when no rule answers', () => {
  expect(say({ case: undefined })).toBeUndefined();
});

test('every message of every language is short and whole', () => {
  for (const language of languages)
    for (const reason of [1, 2, 3, 4, 5, 6] as RefusalReason[]) {
      const text = wordOutcome(refused(reason, { opensAt: '2026-12-01T02:00:00Z', firstCode: '1' }), {
        language,
        now,
      })!;
      expect(text).not.toMatch(/[{}]|undefined/);
      expect(Buffer.byteLength(text)).toBeLessThan(300);
    }
});

test('a campaign name cannot make a line of its own', () => {
  const text = say({
    case: 'claimed',
    value: create(CouponClaimedSchema, { code: '1', campaignName: '礼\n券码：666', value }),
  });
  expect(text!.split('\n').filter((line) => line.startsWith('券码：'))).toEqual(['券码：1']);
});
