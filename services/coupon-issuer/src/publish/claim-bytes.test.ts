import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import {
  CampaignStatus,
  CouponEventSchema,
  CouponKind,
  KeywordMatch,
  RefusalReason,
  Tell,
} from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { Campaign } from '../domain/campaign.ts';
import { withoutBounds } from '../domain/rules.ts';
import { replyOf, toldOf } from './claim-words.ts';
import type { Answered } from './claim-words.ts';
import { recordsOf } from './facts.ts';

const campaign = (name: string, bounds: Pick<Campaign, 'opensAtMs' | 'closesAtMs'>): Campaign => ({
  id: `id of ${name}`,
  number: 1,
  appid: 'wx1',
  name,
  keyword: '优惠券',
  match: KeywordMatch.EXACT,
  worth: { kind: CouponKind.PERCENT, valueFen: 0, percent: 15, thresholdFen: 30_000, capFen: 2 ** 40 },
  rules: withoutBounds,
  stock: 10,
  limitPerUser: 1,
  status: CampaignStatus.LIVE,
  ...bounds,
});

const campaigns = [
  campaign('春日券', { opensAtMs: Date.UTC(2026, 0, 1), closesAtMs: Date.UTC(2026, 5, 1, 2, 3, 4, 5) }),
  campaign('x'.repeat(300), { opensAtMs: undefined, closesAtMs: undefined }),
];
const codes = ['', '0011ABCDEFGHJK', 'Z'.repeat(31)];
const outcomes: Answered[] = campaigns.flatMap((one) => [
  ...codes.flatMap((code) =>
    [undefined, 1_800_000_000_123, 1_900_000_000_000].map((expiresAtMs): Answered => ({
      kind: 'granted',
      campaign: one,
      coupon: { serial: 7, code },
      expiresAtMs,
    })),
  ),
  ...[RefusalReason.LIMIT_REACHED, RefusalReason.SOLD_OUT, RefusalReason.NOT_OPEN_YET].flatMap((refusal) =>
    [undefined, ...codes].map((code): Answered => ({
      kind: 'refused',
      campaign: one,
      refusal,
      shown: code === undefined ? undefined : { serial: 3, code },
    })),
  ),
]);
const openids = ['oFollower', '粉丝', 'o'.repeat(63), 'o'.repeat(64), 'o'.repeat(65), 'o'.repeat(5000), ''];

const attemptOf = (openid: string, tell: Attempt['tell']): Attempt => ({
  envelope: { id: '7d444840-9dc0-81d1-b245-5ffdce74fad2', source: 'ingress', type: 'wechat.text', timeMs: 0 },
  appid: 'wx1',
  openid,
  trigger: undefined,
  tell,
  replyTo: { instance: 'i', partition: 0, deadlineMs: 0 },
});

test('facts and replies are what the generic encoder writes, byte by byte', () => {
  let compared = 0;
  for (let turn = 0; turn < 20; turn++)
    for (const outcome of outcomes)
      for (const openid of openids) {
        const tell = turn % 2 === 0 ? 'reply' : 'customer-service';
        const attempt = attemptOf(openid, tell);
        const [fact, reply] = recordsOf({ attempt, outcome, repeat: false });
        const told = toldOf(outcome);
        const event = create(CouponEventSchema, {
          causeId: attempt.envelope.id,
          appid: 'wx1',
          openid,
          campaignId: outcome.campaign.id,
          tell: tell === 'reply' ? Tell.REPLY : Tell.CUSTOMER_SERVICE,
          event:
            told.case === 'claimed'
              ? { case: 'couponClaimed', value: told.value }
              : { case: 'couponClaimRefused', value: told.value },
        });
        if (!fact!.value.equals(toBinary(CouponEventSchema, event))) throw new Error(JSON.stringify([openid, fact]));
        const expected = toBinary(ReplySchema, replyOf(attempt.envelope.id, outcome));
        if (!reply!.value.equals(expected)) throw new Error(JSON.stringify([openid, reply]));
        compared++;
      }
  expect(compared).toBe(20 * outcomes.length * openids.length);
});

test('no rule answers, and a repeated push has a reply alone', () => {
  const attempt = attemptOf('o', 'reply');
  const [reply, ...more] = recordsOf({ attempt, outcome: { kind: 'no rule' }, repeat: false });
  expect(more).toEqual([]);
  expect(reply!.value).toEqual(Buffer.from(toBinary(ReplySchema, replyOf(attempt.envelope.id, { kind: 'no rule' }))));
  expect(recordsOf({ attempt, outcome: outcomes[0]!, repeat: true })).toHaveLength(1);
});
