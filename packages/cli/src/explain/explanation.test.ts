import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { CampaignStatus, RefusalReason, UnusableReason } from '@lingquan/events/coupon.ts';
import { maskOpenid } from '@lingquan/log';
import { codeOf, day } from '../../test/day.ts';
import { explain } from './explanation.ts';
import type { Asked, Explanation } from './explanation.ts';
import { explanationText } from './layout.ts';

type Day = ReturnType<typeof day>;
const { LIVE, PAUSED } = CampaignStatus;
const code = codeOf(1);

const about = (one: Day, asked: Partial<Asked> = {}): Promise<Explanation> =>
  explain(
    { source: one.source(), onRead: () => undefined, onFallBack: () => undefined },
    { subject: { openid: 'o1' }, ...asked },
  );

const said = ({ timeline }: Explanation) =>
  timeline.map(({ say, outcomes }) => [say.en, ...outcomes.map((one) => one.say.en)]);
const rules = ({ timeline }: Explanation) =>
  timeline.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ rule }) => (rule === undefined ? [] : [[rule.text.en, rule.where.offset]])),
  );

/** o1 was too early, got one, wanted another, met a pause, and came again when all were gone. */
function busy(): Day {
  const one = day();
  one.create({ stock: 1, limit: 2, opensAtMs: one.nowMs + 3000 }); // coupon.events@0
  one.refuse('o1', RefusalReason.NOT_OPEN_YET);
  one.claim('o1', code);
  one.claim('o2', codeOf(2));
  one.change(1, PAUSED); // @4
  one.change(3, PAUSED); // @5
  one.refuse('o1', RefusalReason.PAUSED);
  one.change(2, LIVE); // @7
  one.refuse('o1', RefusalReason.SOLD_OUT);
  one.turn(one.push('o1', { text: '在吗' }).record);
  one.push('o1');
  return one;
}

test('every attempt is told with what came of it, why, and the definition in force then', async () => {
  const found = await about(busy());
  expect(said(found)).toEqual([
    ['said “优惠券”', 'refused: the campaign is not open yet'],
    ['said “优惠券”', 'got it: '],
    ['said “优惠券”', 'refused: the campaign is paused'],
    ['said “优惠券”', 'refused: all 2 are taken'],
    ['said “在吗”', 'no campaign answers this'],
    ['said “优惠券”', 'its turn is still to come'],
  ]);
  expect(rules(found)).toEqual([
    [expect.stringContaining('opens at 2026-06-01 08:00:03'), 0],
    ['paused', 4], // where the pause began, not the change of stock during it
    ['stock 2', 7],
  ]);
  expect(found.about).toEqual({ follower: maskOpenid('o1') });
  expect(JSON.stringify(found)).not.toContain('"o1"');
});

test('the definition in force is that of the turn, not of the clock', async () => {
  const one = day();
  one.create({ stock: 0 });
  const { id, record } = one.push('o1');
  one.change(5, LIVE); // later on record, earlier than the push in the journal's numbers it is not
  one.turn(record);
  one.refused(id, 'o1', RefusalReason.SOLD_OUT);
  expect(rules(await about(one))).toEqual([['stock 5', 1]]);

  const other = day();
  other.create({ stock: 0 });
  const early = other.push('o1');
  other.refused(early.id, 'o1', RefusalReason.SOLD_OUT);
  other.turn(early.record);
  other.change(5, LIVE);
  expect(rules(await about(other))).toEqual([['stock 0', 0]]);
});

test('a limit that is reached names the coupon that is there already', async () => {
  const one = day();
  one.create();
  one.claim('o1', code);
  const { id, record } = one.push('o1');
  one.fact(
    id,
    { case: 'couponClaimRefused', value: { reason: RefusalReason.LIMIT_REACHED, firstCode: code } },
    { openid: 'o1', type: 'coupon.claim_refused' },
  );
  one.turn(record);
  const found = await about(one);
  expect(said(found)[1]).toEqual(['said “优惠券”', `refused: the limit is 1 each, and ${code} is there already`]);
  expect(rules(found)).toEqual([['limit 1 each', 0]]);
});

test('the same push once more is told as such', async () => {
  const one = day();
  one.create();
  const { id, record } = one.push('o1', { msgId: 'm' });
  one.granted(id, 'o1', code);
  one.turn(record);
  one.turn(one.push('o1', { msgId: 'm' }).record);
  expect(said(await about(one))[1]).toEqual(['said “优惠券”', 'the same push once more: answered as before']);
});

/** The coupon went for an order, came back, was refused at a till, and ended. */
function lived(): { one: Day; marks: Record<string, number> } {
  const one = day();
  const marks: Record<string, number> = {};
  one.create();
  one.claim('o1', code, { expiresAtMs: one.nowMs + 60_000 });
  const mark = (name: string) => void (marks[name] = one.nowMs);
  mark('claimed');
  const until = timestampFromMs(one.nowMs + 30_000);
  one.life(
    'o1',
    { case: 'couponLocked', value: { code, outTradeNo: 'N1', until, discount: { totalFen: 500n } } },
    'coupon.locked',
  );
  mark('locked');
  one.payment('N1', { case: 'orderPaid', value: { paidFen: 1500n } }, code);
  one.life(
    'o1',
    {
      case: 'couponRedeemed',
      value: { code, discount: { totalFen: 500n }, by: { case: 'order', value: { outTradeNo: 'N1' } } },
    },
    'coupon.redeemed',
  );
  mark('redeemed');
  one.payment('N1', { case: 'refundSucceeded', value: { refundFen: 1500n, whole: true } });
  one.life('o1', { case: 'couponReturned', value: { code, outTradeNo: 'N1' } }, 'coupon.returned');
  mark('returned');
  const why = { reason: UnusableReason.WRONG_SHOP };
  one.life(
    'o1',
    { case: 'couponUseRefused', value: { code, why, by: { case: 'till', value: { shop: '一店', cashier: '小王' } } } },
    'coupon.use_refused',
  );
  one.pass(60_000);
  mark('over');
  return { one, marks };
}

test('what was held is told as of any instant', async () => {
  const { one, marks } = lived();
  const stateAt = async (name: string) =>
    (await about(one, { atMs: marks[name]! })).held.map(({ state, by }) => [state, by]);
  expect(await stateAt('claimed')).toEqual([['issued', '']]);
  expect(await stateAt('locked')).toEqual([['locked', 'N1']]);
  expect(await stateAt('redeemed')).toEqual([['redeemed', 'N1']]);
  expect(await stateAt('returned')).toEqual([['issued', '']]);
  expect(await stateAt('over')).toEqual([['expired', '']]); // no timer has said so, its time is over all the same
  expect((await about(one, { atMs: marks['claimed']! })).timeline).toHaveLength(1);
});

test('a coupon’s life is told with its push, its order and its money, also where these do not name it', async () => {
  const { one } = lived();
  const found = await about(one, { subject: { code } });
  expect(said(found).map(([first]) => first)).toEqual([
    'said “优惠券”',
    expect.stringContaining('held for the order until'),
    'paid ¥15.00',
    'redeemed by the order, ¥5.00 off',
    '¥15.00 is back, which is all',
    'came back: all the money of the order is back',
    expect.stringMatching(/^could not be used: /),
  ]);
  expect(found.about).toEqual({ code });
});

test('one campaign alone', async () => {
  const one = busy();
  one.create({ id: 'c2', word: '春' });
  const { id, record } = one.push('o1', { text: '春' });
  one.granted(id, 'o1', codeOf(1, 2), { campaignId: 'c2' });
  one.turn(record);
  const found = await about(one, { campaignId: 'c2' });
  expect(said(found)).toEqual([['said “春”', 'got it: ']]);
  expect(found.held.map(({ campaignId }) => campaignId)).toEqual(['c2']);
});

test('what has left retention is told without its push', async () => {
  const one = day();
  one.create();
  one.claim('o1', code);
  one.forget(topics.wechatInbound.name, 0, 1);
  expect(said(await about(one))).toEqual([['(the push is not among what was read)', 'got it: ']]);
});

test('what a follower wrote cannot steer the terminal', async () => {
  const one = day();
  one.create();
  one.turn(one.push('o1', { text: '\u001B[2J\u202E红\n包' }).record);
  expect(explanationText(await about(one))).toContain('说「·[2J·红·包」');
});

test('nobody known is not found', async () => {
  await expect(about(busy(), { subject: { openid: 'o9' } })).rejects.toMatchObject({ code: 'not_found' });
});

test('for people: what was held, then day by day, each line with its record', async () => {
  const { one } = lived();
  const text = explanationText(await about(one));
  const lines = text.split('\n');
  expect(lines[0]).toBe(`粉丝 follower ${maskOpenid('o1')}`);
  expect(text).toMatch(/○ \w{14} {2}已过期 expired {2,}coupon\.events\[0\]@4 #5/);
  expect(text).toMatch(
    /08:00:02\.000 {2}说「优惠券」 +wechat\.inbound\[0\]@0 #2\n +said “优惠券”\n +╰ 领到 .* +coupon\.events\[0\]@1 #2/,
  );
  expect(lines.filter((line) => line === '  2026-06-01')).toHaveLength(1);
});

test('what was published twice is told once', async () => {
  const one = day();
  one.create();
  const { topic, partition, value, headers } = one.claim('o1', code);
  one.put(topic, partition, value!, { id: String(headers['ce_id']), type: 'coupon.claimed', timeMs: one.nowMs });
  expect(said(await about(one))).toEqual([['said “优惠券”', 'got it: ']]);
});
