import { expect, test } from '@jest/globals';
import {
  NOW_MS,
  OUT_TRADE_NO,
  TRANSACTION_ID,
  history,
  paymentTold,
  refundTold,
  said,
  seeded,
} from '../../test/domain.ts';
import type { Happening } from './happening.ts';
import { balances } from './ledger.ts';
import { orderStates, outcomeOf } from './order.ts';

const kinds = (facts: readonly { kind: string }[]) => facts.map(({ kind }) => kind);
const due = (tasks: readonly { kind: string; to: string }[]) =>
  tasks.filter(({ to }) => to === 'due').map(({ kind }) => kind);

test('an order without a coupon has its price at once and is prepared', () => {
  const one = history().created();
  expect(one.order()).toMatchObject({ state: 'unpaid', couponState: 'none', payableFen: 8800 });
  expect(kinds(one.all('facts'))).toEqual(['order_created', 'order_priced']);
  expect(due(one.all('tasks'))).toEqual(['prepay', 'close']);
  expect(outcomeOf(one.order())).toBeUndefined();
  one.prepared();
  expect(outcomeOf(one.order())).toEqual({ kind: 'ready', totalFen: 8800, discountFen: 0, payableFen: 8800 });
});

test('an order with a coupon waits for it, then is priced, paid, and the coupon redeemed', () => {
  const one = history('C1').created();
  expect(one.order()).toMatchObject({ state: 'locking', couponState: 'locking' });
  expect(due(one.all('tasks'))).toEqual(['close']);
  one.locked(2000).prepared().paid();
  expect(one.order()).toMatchObject({
    state: 'paid',
    paidFen: 6800,
    couponState: 'redeeming',
    transactionId: TRANSACTION_ID,
  });
  one.happen({ kind: 'coupon_done', action: 'redeem' });
  expect(one.order().couponState).toBe('redeemed');
  expect(one.all('coupon')).toEqual(['lock', 'redeem']);
  expect(balances(one.all('bookings'))).toEqual({
    wechat_pay: 6800,
    coupon_discount: 2000,
    sales: -8800,
    sales_returns: 0,
    refunds_payable: 0,
  });
});

test('a coupon that cannot be used closes the order, saying why; nothing is released', () => {
  const one = history('C1').created();
  const unusable = new Uint8Array([1]);
  one.happen({ kind: 'coupon_not_done', action: 'lock', unusable, why: 'expired' });
  expect(one.order()).toMatchObject({ state: 'closed', closeCause: 'coupon', couponState: 'refused' });
  expect(outcomeOf(one.order())).toEqual({ kind: 'refused', reason: 'coupon', unusable });
  expect(one.all('coupon')).toEqual(['lock']);
});

test('when the coupon pays for everything the order is paid without WeChat Pay', () => {
  const one = history('C1').created().locked(8800);
  expect(one.order()).toMatchObject({ state: 'paid', paidFen: 0, payableFen: 0, transactionId: undefined });
  expect(one.all('coupon')).toEqual(['lock', 'redeem']);
  expect(due(one.all('tasks'))).toEqual(['close']); // asked for at creation, dropped since
  expect(one.all('tasks').at(-1)).toMatchObject({ kind: 'close', to: 'drop' });
  expect(outcomeOf(one.order())?.kind).toBe('ready');
  one.refundAsked('R1', 0);
  expect(one.refund('R1')).toMatchObject({ state: 'succeeded', refundFen: 0 });
  expect(one.all('coupon')).toEqual(['lock', 'redeem', 'return']);
  expect(balances(one.all('bookings')).sales_returns).toBe(8800);
  const again = one.happen({ kind: 'request_refund', outRefundNo: 'R2', askedFen: 0, reason: '' }, 'R2');
  expect(again.refundOutcome).toEqual({ kind: 'refused', reason: 'too_much', leftFen: 0 });
});

test('an order that came after its own deadline is closed as it is made', () => {
  const one = history();
  one.happen({ kind: 'create', order: said({ couponCode: 'C1', payUntilMs: NOW_MS }) });
  expect(one.order()).toMatchObject({ state: 'closed', closeCause: 'time_out', couponState: 'none' });
  expect(one.all('coupon')).toEqual([]);
});

test('a cancelled order is closed at the platform first; only then its coupon is free', () => {
  const one = history('C1').created().locked().prepared();
  const { tasks } = one.happen({ kind: 'cancel' });
  expect(one.order()).toMatchObject({ state: 'closing', couponState: 'locked' });
  expect(due(tasks)).toEqual(['close']);
  one.happen({ kind: 'close_answered', done: true, told: undefined, attempts: 1 });
  expect(one.order()).toMatchObject({ state: 'closed', closeCause: 'cancelled', couponState: 'releasing' });
  expect(one.all('coupon')).toEqual(['lock', 'release']);
  one.happen({ kind: 'coupon_done', action: 'release' });
  expect(one.order().couponState).toBe('released');
});

test('whoever pays while the order is being closed has paid', () => {
  const one = history('C1').created().locked().prepared();
  one.happen({ kind: 'time_out' });
  one.happen({ kind: 'close_answered', done: false, told: paymentTold({ totalFen: 6800 }), attempts: 1 });
  expect(one.order()).toMatchObject({ state: 'paid', couponState: 'redeeming' });
  one.happen({ kind: 'close_answered', done: true, told: paymentTold({ totalFen: 6800 }), attempts: 1 });
  expect(one.order().state).toBe('paid');
  expect(one.all('coupon')).toEqual(['lock', 'redeem']);
});

test('closing that came to nothing is tried again, and an order that can still be paid stays closing', () => {
  const one = history().created().prepared();
  one.happen({ kind: 'time_out' });
  const told = paymentTold({ tradeState: 'NOTPAY', transactionId: '', currency: '' });
  const { tasks } = one.happen({ kind: 'close_answered', done: false, told, attempts: 2 });
  expect(one.order().state).toBe('closing');
  expect(tasks).toEqual([expect.objectContaining({ kind: 'close', to: 'due', attempts: 2 })]);
});

test('a prepay that comes back after the order was closed does not revive it, and is closed at the platform', () => {
  const one = history().created();
  one.happen({ kind: 'cancel' });
  one.happen({ kind: 'close_answered', done: true, told: undefined, attempts: 1 });
  const { tasks } = one.happen({ kind: 'prepared', prepayId: 'late' });
  expect(one.order()).toMatchObject({ state: 'closed', prepayId: undefined });
  expect(due(tasks)).toEqual(['close']);
});

test('money that comes for a closed order is recorded; if the coupon is gone a person is told', () => {
  const one = history('C1').created().locked().prepared();
  one.happen({ kind: 'cancel' });
  one.happen({ kind: 'close_answered', done: true, told: undefined, attempts: 1 });
  one.paid();
  expect(one.order()).toMatchObject({ state: 'paid', paidFen: 6800, couponState: 'redeeming' });
  one.happen({ kind: 'coupon_done', action: 'release' }); // the answer to what was overtaken
  expect(one.order().couponState).toBe('redeeming');
  one.happen({ kind: 'coupon_not_done', action: 'redeem', unusable: new Uint8Array(), why: 'redeemed' });
  expect(one.order().couponState).toBe('gone');
  expect(kinds(one.all('incidents'))).toEqual(['coupon_gone']);
  one.refundAsked('R1', 0).refundTold({ refundFen: 6800 });
  expect(one.all('coupon')).toEqual(['lock', 'release', 'redeem']); // nothing to return
});

test.each([
  ['PARAM_ERROR', 'closed'],
  ['ORDERPAID', 'closing'],
  ['OUT_TRADE_NO_USED', 'closing'],
  ['ORDER_CLOSED', 'closing'],
])('a prepay refused with %s leaves the order %s', (code, state) => {
  const one = history('C1').created().locked();
  const { tasks } = one.happen({ kind: 'prepay_refused', code });
  expect(one.order()).toMatchObject({ state, closeCause: 'platform', platformCode: code });
  expect(due(tasks)).toEqual(state === 'closing' ? ['close'] : []);
  if (state === 'closing') one.happen({ kind: 'close_answered', done: true, told: undefined, attempts: 1 });
  expect(outcomeOf(one.order())).toEqual({ kind: 'refused', reason: 'platform', platformCode: code });
  expect(one.all('coupon')).toEqual(['lock', 'release']);
});

test('a call whose outcome is unknown is made again, later each time, and not beyond the deadline', () => {
  const one = history().created();
  const again = (attempts: number, nowMs = NOW_MS) =>
    one.happen({ kind: 'try_again', call: 'prepay', attempts }, undefined, nowMs).tasks;
  expect(again(1)).toEqual([expect.objectContaining({ kind: 'prepay', to: 'due', atMs: NOW_MS + 750, attempts: 1 })]);
  expect(again(3)).toEqual([expect.objectContaining({ atMs: NOW_MS + 3000 })]);
  expect(again(3, one.order().payUntilMs - 1)).toEqual([]);
});

test('two partial refunds give everything back; the coupon returns with the last of them', () => {
  const one = history('C1').created().locked(2000).prepared().paid();
  one.happen({ kind: 'coupon_done', action: 'redeem' });
  one.refundAsked('R1', 3000).refundAsked('R2', 0);
  expect(one.refund('R2')).toMatchObject({ refundFen: 3800, askAtMs: NOW_MS + 60_000 });
  one.refundTold({ outRefundNo: 'R2', refundId: '2', refundFen: 3800 });
  expect(one.all('coupon')).toEqual(['lock', 'redeem']);
  one.refundTold({ outRefundNo: 'R1', refundId: '1', refundFen: 3000 });
  expect(one.order()).toMatchObject({ refundedFen: 6800, couponState: 'returning' });
  expect(one.all('coupon')).toEqual(['lock', 'redeem', 'return']);
  const wholes = one.all('facts').flatMap((fact) => (fact.kind === 'refund_succeeded' ? [fact.whole] : []));
  expect(wholes).toEqual([false, true]);
  expect(balances(one.all('bookings'))).toEqual({
    wechat_pay: 0,
    coupon_discount: 0,
    sales: -8800,
    sales_returns: 8800,
    refunds_payable: 0,
  });
});

test('a refund that was closed gave nothing back: the money is left for another number', () => {
  const one = history()
    .created()
    .prepared()
    .paid()
    .refundAsked('R1', 8800)
    .refundTold({ status: 'CLOSED', refundFen: 8800 });
  expect(one.refund('R1')).toMatchObject({ state: 'closed', why: 'CLOSED' });
  expect(kinds(one.all('incidents'))).toEqual(['refund_failed']);
  expect(balances(one.all('bookings'))).toMatchObject({ wechat_pay: 8800, refunds_payable: 0, sales_returns: 0 });
  const { refundOutcome } = one.happen({ kind: 'request_refund', outRefundNo: 'R2', askedFen: 0, reason: '' }, 'R2');
  expect(refundOutcome).toEqual({ kind: 'taken', refundFen: 8800 });
});

test('an abnormal refund is not at its end', () => {
  const one = history().created().prepared().paid().refundAsked('R1', 3000);
  one.refundTold({ status: 'ABNORMAL' });
  expect(one.refund('R1').state).toBe('abnormal');
  expect(kinds(one.all('incidents'))).toEqual(['refund_abnormal']);
  one.refundTold({ status: 'PROCESSING' });
  expect(one.refund('R1').state).toBe('abnormal');
  one.refundTold({ status: 'SUCCESS' });
  expect(one.refund('R1').state).toBe('succeeded');
  for (const status of ['ABNORMAL', 'CLOSED', 'PROCESSING', 'SUCCESS']) one.refundTold({ status });
  expect(one.refund('R1').state).toBe('succeeded');
  expect(one.order().refundedFen).toBe(3000);
});

test('too little balance: the same number again after a while, and a person is told', () => {
  const one = history().created().prepared().paid().refundAsked('R1', 3000);
  const again = (attempts: number): Happening => ({
    kind: 'try_again_refund',
    call: 'refund',
    outRefundNo: 'R1',
    attempts,
    code: 'NOT_ENOUGH',
  });
  const { tasks, incidents } = one.happen(again(1), 'R1');
  expect(kinds(incidents)).toEqual(['balance_short']);
  expect(tasks).toEqual([expect.objectContaining({ kind: 'refund', key: 'R1', atMs: NOW_MS + 600_000 })]);
});

test('a refund that nobody takes for long: tried on, and a person is told what stands in its way', () => {
  const one = history().created().prepared().paid().refundAsked('R1', 3000);
  const tried = (attempts: number, call: 'refund' | 'query_refund' = 'refund') =>
    one.happen({ kind: 'try_again_refund', call, outRefundNo: 'R1', attempts, code: 'HTTP_400' }, 'R1');
  expect(tried(7).incidents).toEqual([]);
  expect(tried(8, 'query_refund').incidents).toEqual([]);
  expect(tried(8)).toMatchObject({
    incidents: [{ kind: 'refund_not_taken', of: 'R1', evidence: { refundFen: 3000, code: 'HTTP_400' } }],
    tasks: [{ kind: 'refund', key: 'R1', to: 'due' }],
  });
  expect(one.refund('R1').state).toBe('requested');
});

test('a refund the platform does not know is asked for again with the same number', () => {
  const one = history().created().prepared().paid().refundAsked('R1', 3000);
  const { tasks } = one.happen({ kind: 'no_refund', outRefundNo: 'R1' }, 'R1');
  expect(tasks).toEqual([expect.objectContaining({ kind: 'refund', key: 'R1', to: 'due', atMs: NOW_MS })]);
});

test('a refund told before its payment: both are asked about, and the end is right', () => {
  const one = history().created().prepared();
  one.refundTold({ totalFen: 8800 });
  expect(due(one.all('tasks')).slice(-2)).toEqual(['query', 'query_refund']);
  expect(one.order().state).toBe('unpaid');
  one.refundTold({ totalFen: 8800 }, true); // the refund's answer came first again
  expect(one.order().state).toBe('unpaid');
  one.paid({ tradeState: 'REFUND' });
  one.refundTold({}, true);
  one.paid(); // the late notice of the payment
  expect(one.order()).toMatchObject({ state: 'paid', paidFen: 8800, refundedFen: 3000 });
  expect(one.refund('R1').state).toBe('succeeded');
  expect(kinds(one.all('incidents'))).toEqual(['refund_not_ours']);
  expect(balances(one.all('bookings'))).toMatchObject({ wechat_pay: 5800, refunds_payable: 0 });
});

test('a refund nobody knows is an incident and nothing else', () => {
  const one = history().created().prepared().paid();
  one.refundTold({ outRefundNo: 'R9' });
  const { incidents } = one.happen({ kind: 'no_refund', outRefundNo: 'R9' }, 'R9');
  expect(kinds(incidents)).toEqual(['refund_unknown']);
  expect(one.order().refundedFen).toBe(0);
});

/** Whatever comes, in whatever order: money never below zero, the ledger balanced and true, states forward only. */
test('any sequence of what can happen keeps the promises', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = seeded(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
    const one = history(pick(['', 'C1']));
    const happenings: ((no: string) => Happening)[] = [
      () => ({ kind: 'create', order: said({ couponCode: random() < 0.5 ? '' : 'C1' }) }),
      () => ({ kind: 'cancel' }),
      () => ({ kind: 'time_out' }),
      () => ({ kind: 'coupon_locked', discountFen: pick([0, 2000, 8800]), lineFen: [] }),
      () => ({ kind: 'coupon_done', action: pick(['redeem', 'release', 'return'] as const) }),
      () => ({
        kind: 'coupon_not_done',
        action: pick(['lock', 'redeem', 'release', 'return'] as const),
        unusable: new Uint8Array(),
        why: 'expired',
      }),
      () => ({ kind: 'prepared', prepayId: 'p' }),
      () => ({ kind: 'prepay_refused', code: pick(['PARAM_ERROR', 'ORDERPAID']) }),
      () => ({ kind: 'transaction_told', told: transaction() }),
      () => ({
        kind: 'close_answered',
        done: random() < 0.5,
        told: random() < 0.5 ? transaction() : undefined,
        attempts: 1,
      }),
      (outRefundNo) => ({ kind: 'request_refund', outRefundNo, askedFen: pick([0, 1000, 3000, 8800]), reason: '' }),
      (outRefundNo) => ({ kind: 'refund_told', told: refund(outRefundNo), asked: random() < 0.5 }),
      (outRefundNo) => ({ kind: 'no_refund', outRefundNo }),
      (outRefundNo) => ({ kind: 'refund_refused', outRefundNo, code: 'ERROR' }),
    ];
    const transaction = () =>
      paymentTold({
        totalFen: pick([one.order()?.payableFen ?? 8800, 8800, 1]),
        tradeState: pick(['SUCCESS', 'SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED']),
        transactionId: pick([TRANSACTION_ID, TRANSACTION_ID, '2']),
      });
    const refund = (outRefundNo: string) =>
      refundTold({
        outRefundNo,
        refundId: '',
        totalFen: one.order()?.paidFen ?? 8800,
        refundFen: pick([one.refund(outRefundNo)?.refundFen ?? 500, 1000]),
        status: pick(['SUCCESS', 'SUCCESS', 'PROCESSING', 'CLOSED', 'ABNORMAL']),
      });
    let reached = 0;
    const succeeded = new Set<string>();
    for (let step = 0; step < 40; step++) {
      const no = pick(['R1', 'R2', 'R3', 'R4']);
      const decision = one.happen(pick(happenings)(no), no);
      for (const { entries } of decision.bookings) expect(entries.reduce((sum, { fen }) => sum + fen, 0)).toBe(0);
      const order = one.order();
      if (order === undefined) continue;
      expect(orderStates.indexOf(order.state)).toBeGreaterThanOrEqual(reached);
      reached = orderStates.indexOf(order.state);
      for (const each of succeeded) expect(one.refund(each).state).toBe('succeeded');
      for (const each of ['R1', 'R2', 'R3', 'R4']) if (one.refund(each)?.state === 'succeeded') succeeded.add(each);
      const refunded = [...succeeded].reduce((sum, each) => sum + one.refund(each).refundFen, 0);
      expect(order.refundedFen).toBe(refunded);
      expect(order.paidFen - refunded).toBeGreaterThanOrEqual(0);
    }
    const bookings = one.all('bookings');
    const names = bookings.map(({ kind, outRefundNo }) => `${kind} ${outRefundNo}`);
    expect(new Set(names).size).toBe(names.length); // nothing is booked twice
    const { wechat_pay: held, ...rest } = balances(bookings);
    expect(held).toBe((one.order()?.paidFen ?? 0) - (one.order()?.refundedFen ?? 0));
    expect(held + Object.values(rest).reduce((sum, fen) => sum + fen, 0)).toBe(0);
    expect(one.all('coupon').filter((action) => action === 'redeem').length).toBeLessThanOrEqual(1);
    expect(one.order()?.outTradeNo ?? OUT_TRADE_NO).toBe(OUT_TRADE_NO);
  }
});
