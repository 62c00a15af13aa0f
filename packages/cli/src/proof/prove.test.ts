import { expect, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { CampaignStatus, KeywordMatch, RefusalReason } from '@lingquan/events/coupon.ts';
import { codeOf, day } from '../../test/day.ts';
import { prove } from './prove.ts';

type Day = ReturnType<typeof day>;
const { LIVE, PAUSED } = CampaignStatus;

async function proven(one: Day, untilMs?: number) {
  const { proof } = await prove(one.source(untilMs), () => undefined);
  const faults = proof.checks.filter(({ found }) => found > 0);
  return { ...proof, faults: faults.map(({ id }) => id), evidence: faults.flatMap(({ evidence }) => evidence) };
}

/** A campaign of three coupons, paused and resumed, restocked, sold out again; over two partitions. */
function ordinary(): Day {
  const one = day();
  one.create({ stock: 3 });
  one.claim('o1', codeOf(1));
  one.refuse('o1', RefusalReason.LIMIT_REACHED);
  one.claim('o2', codeOf(2), { partition: 1 });
  one.change(3, PAUSED);
  one.refuse('o3', RefusalReason.PAUSED);
  one.change(3, LIVE);
  one.claim('o3', codeOf(3), { partition: 1 });
  one.refuse('o4', RefusalReason.SOLD_OUT);
  one.change(4, LIVE);
  one.claim('o4', codeOf(4));
  one.turn(one.push('o5', { text: '在吗' }).record);
  return one;
}

test('an ordinary day is clean, and everything in it was looked at', async () => {
  const { evidence, ...proof } = await proven(ordinary());
  expect(evidence).toEqual([]);
  expect(proof).toMatchObject({
    claims: 4,
    outcomes: 7,
    campaigns: 1,
    pushes: 8,
    journalLines: 12,
    undecided: 0,
    lostCauses: 0,
  });
  expect(proof.checks.find(({ id }) => id === 'answered')).toMatchObject({ checked: 8 });
});

test('claims and changes are put in the order in which they were decided, whatever partition told of them first', async () => {
  const one = day();
  one.create({ stock: 1 });
  one.claim('o1', codeOf(1));
  const { id, record } = one.push('o2', { partition: 1 }); // on record before the stock is raised, decided after it
  one.change(2, LIVE);
  one.granted(id, 'o2', codeOf(2), { partition: 1 });
  one.turn(record);
  expect((await proven(one)).evidence).toEqual([]);
});

test('a claim beyond the stock in force is found, although the stock is raised later', async () => {
  const one = day();
  one.create({ stock: 1 });
  one.claim('o1', codeOf(1));
  one.claim('o2', codeOf(2), { partition: 1 });
  one.change(5, LIVE);
  const { faults, evidence } = await proven(one);
  expect(faults).toEqual(['stock']);
  expect(evidence[0]).toMatch(/claimed 2.*stock then 1, coupon\.events\[1\]@0 #3.*c1 coupon\.events\[0\]@0/);
});

test('stock lowered below what is claimed is found', async () => {
  const one = ordinary();
  one.change(2, LIVE);
  expect((await proven(one)).faults).toEqual(['stock']);
});

test('a follower over the limit is found', async () => {
  const one = ordinary();
  one.change(9, LIVE);
  one.claim('o1', codeOf(5));
  expect((await proven(one)).faults).toEqual(['limit']);
});

test('a claim nobody asked for is found: over the limit, and without a push', async () => {
  const one = ordinary();
  one.change(9, LIVE);
  one.granted('00000000-0000-8000-8000-000000000000', 'o1', codeOf(5));
  expect((await proven(one)).faults).toEqual(['causes', 'limit']);
});

test('a claim while paused, before opening and after closing is found', async () => {
  const one = day();
  one.create({ opensAtMs: one.nowMs + 4000, closesAtMs: one.nowMs + 7000 });
  one.claim('o1', codeOf(1)); // 2 s in
  one.change(10, PAUSED);
  one.claim('o2', codeOf(2)); // 4 s in: paused
  one.change(10, LIVE);
  one.claim('o3', codeOf(3)); // 6 s in: right
  one.claim('o4', codeOf(4)); // 7 s in
  const { faults, checks } = await proven(one);
  expect(faults).toEqual(['rules']);
  expect(checks.find(({ id }) => id === 'rules')).toMatchObject({ checked: 4, found: 3 });
});

test.each([
  ['sold out while there are coupons', RefusalReason.SOLD_OUT],
  ['paused while it is live', RefusalReason.PAUSED],
  ['a reason that is none', RefusalReason.UNSPECIFIED],
])('a refusal for a reason that is not true is found: %s', async (_, reason) => {
  const one = ordinary();
  one.change(9, LIVE);
  one.refuse('o9', reason);
  const { faults, evidence } = await proven(one);
  expect(faults).toEqual(['refusals']);
  expect(evidence[0]).toContain('should be a coupon (4/9)');
});

test('one code on two coupons, a wrong check digit and another campaign’s digits are found', async () => {
  const doubled = ordinary();
  doubled.change(9, LIVE);
  doubled.claim('o7', codeOf(1));
  const { faults, evidence } = await proven(doubled);
  expect(faults).toEqual(['codes']);
  expect(evidence[0]).toContain('coupon.events[0]@1 和 and coupon.events[0]@10');

  for (const code of [codeOf(5).replace(/.$/, (digit) => (digit === '0' ? '1' : '0')), codeOf(5, 2)]) {
    const one = ordinary();
    one.change(9, LIVE);
    one.claim('o7', code);
    expect((await proven(one)).faults).toEqual(['codes']);
  }
});

test('two outcomes of one push are found; one told twice in the same words is not a fault', async () => {
  const one = ordinary();
  const last = one.records.findLast(({ topic }) => topic === topics.couponEvents.name)!;
  one.put(last.topic, last.partition, last.value!, {
    id: String(last.headers['ce_id']),
    type: 'coupon.claimed',
    timeMs: one.nowMs,
  });
  expect(await proven(one)).toMatchObject({ faults: [], publishedAgain: 1 });
  const { id, record } = one.push('o8');
  one.change(9, LIVE);
  one.granted(id, 'o8', codeOf(5));
  one.refused(id, 'o8', RefusalReason.SOLD_OUT);
  one.turn(record);
  expect((await proven(one)).faults).toEqual(['facts']);
});

test('a push a campaign answers and that has no outcome is found, and so is an answer to one that none answers', async () => {
  const silent = ordinary();
  silent.turn(silent.push('o6').record);
  expect((await proven(silent)).faults).toEqual(['answered']);

  const talkative = ordinary();
  talkative.change(9, LIVE);
  const { id, record } = talkative.push('o6', { text: '在吗' });
  talkative.granted(id, 'o6', codeOf(5));
  talkative.turn(record);
  expect((await proven(talkative)).faults).toEqual(['answered']);
});

test('an outcome that names another follower than its push is found', async () => {
  const one = ordinary();
  one.change(9, LIVE);
  const { id, record } = one.push('o6');
  one.granted(id, 'o7', codeOf(5));
  one.turn(record);
  expect((await proven(one)).faults).toEqual(['answered']);
});

test('keywords that are contained or fit a pattern answer, and one that is the text itself goes before them', async () => {
  const one = day();
  one.create({ id: 'loose', word: '春', match: KeywordMatch.CONTAINS });
  const first = one.push('o1', { text: '春日' });
  one.granted(first.id, 'o1', codeOf(1), { campaignId: 'loose' });
  one.turn(first.record);
  one.create({ id: 'exact', word: '春日' });
  const second = one.push('o2', { text: '春日' });
  one.granted(second.id, 'o2', codeOf(1, 2), { campaignId: 'exact' });
  one.turn(second.record);
  expect((await proven(one)).evidence).toEqual([]);
  const third = one.push('o3', { text: '春日' });
  one.granted(third.id, 'o3', codeOf(2), { campaignId: 'loose' });
  one.turn(third.record);
  expect((await proven(one)).faults).toEqual(['answered']);
});

test('what the journal does not tell of yet is not judged', async () => {
  const one = ordinary();
  const { id } = one.push('o6');
  one.granted(id, 'o6', codeOf(5)); // beyond the stock, but its turn is not known
  expect(await proven(one)).toMatchObject({ faults: [], undecided: 1 });
});

test('facts told in another order than they were decided in are found', async () => {
  const one = day();
  one.create();
  const [first, second] = [one.push('o1'), one.push('o2')];
  one.granted(second.id, 'o2', codeOf(2));
  one.granted(first.id, 'o1', codeOf(1));
  one.turn(first.record, second.record);
  expect((await proven(one)).faults).toEqual(['told']);
});

test('what retention took is counted and proven by its sum', async () => {
  const one = day();
  one.create({ stock: 3 });
  for (const n of [1, 2, 3]) one.claim(`o${n}`, codeOf(n));
  one.refuse('o4', RefusalReason.SOLD_OUT);
  one.forget(topics.wechatInbound.name, 0, 2);
  expect(await proven(one)).toMatchObject({ faults: [], lostCauses: 2, claims: 3 });
  one.forget(topics.wechatInbound.name, 0, 4);
  one.granted('00000000-0000-8000-8000-000000000000', 'o9', codeOf(9));
  expect((await proven(one)).faults).toEqual(['stock']);
});

test('records that cannot be read are found among facts, and are dead letters among pushes', async () => {
  const head = { id: '00000000-0000-8000-8000-000000000000', type: 'odd', timeMs: 1 };
  const one = ordinary();
  one.turn(one.put(topics.wechatInbound.name, 0, Buffer.from([0xff]), head));
  expect((await proven(one)).faults).toEqual([]);
  one.put(topics.couponEvents.name, 0, Buffer.from([0xff]), head);
  expect((await proven(one)).faults).toEqual(['facts']);
});

test('a recording that begins midway is said to, and proves nothing of older campaigns', async () => {
  const one = ordinary();
  one.forget(topics.couponEvents.name, 0, 2); // the creation is gone, and a claim
  expect(await proven(one)).toMatchObject({ faults: [], isWhole: false });
});
