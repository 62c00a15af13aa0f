import { gzipSync } from 'node:zlib';
import type { Notices } from './notices/notices.ts';
import { type FundAccount, type TradeBillType, fundFlowBill, readiness, tradeBill } from './rules/bill.ts';
import {
  type ClientSignType,
  type Order,
  type OrderTerms,
  type Payment,
  type Prepay,
  checkRepeat,
  closed,
  expiryOf,
  paid,
  payProblem,
} from './rules/order.ts';
import {
  type Refund,
  type RefundOutcome,
  type RefundTerms,
  checkRefund,
  checkRefundRepeat,
  settled,
} from './rules/refund.ts';
import { refuse } from './rules/refusal.ts';
import { startOfDay } from './rules/times.ts';
import { newPrepayId, newRefundId, newTransactionId } from './state/book.ts';
import type { Pay } from './state/pay.ts';
import { newOpaque } from '../state/ids.ts';

/** An order as it comes in, before it has a life of its own. */
export interface NewOrder {
  readonly terms: OrderTerms;
  readonly expiresAtMs: number | undefined;
  readonly signType: ClientSignType;
  readonly wantedSerial: string;
}

/** What names an order: the former wins (reference A.7). */
export interface OrderName {
  readonly transactionId?: string | undefined;
  readonly outTradeNo?: string | undefined;
}

/** What happens to orders and refunds, whoever asks: both APIs and people. Refuses with `PayRefusal`. */
export interface Desk {
  /** A new order, or another prepay_id for one that was ordered the same way. */
  prepay(order: NewOrder): { readonly order: Order; readonly prepay: Prepay };
  find(name: OrderName): Order | undefined;
  close(outTradeNo: string): Order;
  /** Whoever asked has seen that nothing is in the way (`payProblem`). */
  pay(order: Order, payment: Omit<Payment, 'transactionId'>): Order;
  fail(order: Order, reason: string): Order;
  refund(name: OrderName, terms: RefundTerms, wantedSerial: string): Refund;
  /** Undefined when it has its outcome already. */
  settle(refund: Refund, outcome: RefundOutcome): Refund | undefined;
  /** The payer's account did not take it; another one is tried. */
  retryAbnormal(refund: Refund): Refund;
  bill(day: string, kind: { readonly trade: TradeBillType } | { readonly fundFlow: FundAccount }, gzip: boolean): Bill;
  /** Ends what waits to be settled. */
  stop(): void;
}

export interface Bill {
  /** What the hash is of: the text, also where the file is packed (reference B.12). */
  readonly text: Buffer;
  readonly file: Buffer;
}

export function createDesk(pay: Pay, notices: Notices): Desk {
  const { book } = pay;
  const now = () => pay.world.clock.now();
  const timers = new Set<NodeJS.Timeout>();

  function find({ transactionId, outTradeNo }: OrderName): Order | undefined {
    if (transactionId !== undefined) return book.orderByTransaction(transactionId);
    return outTradeNo === undefined ? undefined : book.order(outTradeNo);
  }

  function settle(refund: Refund, outcome: RefundOutcome): Refund | undefined {
    const done = settled(refund, outcome, now());
    const order = book.order(refund.outTradeNo);
    if (done === undefined || order === undefined) return undefined;
    book.saveRefund(done);
    book.saveOrder(order); // its refunded amount has changed for those who watch
    notices.ofRefund(done, order);
    return done;
  }

  function settleLater(outRefundNo: string, outcome: RefundOutcome): void {
    const { refundDelayMs } = pay.settings;
    if (refundDelayMs === null) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const refund = book.refund(outRefundNo);
      if (refund?.state === 'PROCESSING') settle(refund, outcome);
    }, refundDelayMs);
    timers.add(timer);
  }

  // Those that were on their way when the process before this one ended.
  for (const { outRefundNo, state } of book.refunds())
    if (state === 'PROCESSING') settleLater(outRefundNo, pay.settings.refundOutcome);

  return {
    find,
    settle,
    prepay({ terms, expiresAtMs, signType, wantedSerial }) {
      const known = book.order(terms.outTradeNo);
      if (known !== undefined) checkRepeat(known, terms, now());
      const codeUrl = terms.tradeType === 'NATIVE' ? `weixin://wxpay/bizpayurl?pr=${newOpaque(9)}` : null;
      const prepay: Prepay = { prepayId: newPrepayId(now()), codeUrl, createdAtMs: now() };
      const order: Order = known ?? {
        ...terms,
        signType,
        wantedSerial,
        createdAtMs: now(),
        expiresAtMs: expiryOf(expiresAtMs, now()),
        state: 'NOTPAY',
        prepays: [],
        attempts: [],
        transactionId: null,
        paidAtMs: null,
        payer: null,
        couponFen: 0,
        bankType: '',
      };
      const saved = { ...order, prepays: [...order.prepays, prepay] };
      book.saveOrder(saved);
      return { order: saved, prepay };
    },
    close(outTradeNo) {
      const order = book.order(outTradeNo) ?? refuse('ORDER_NOT_EXIST', '订单不存在');
      const done = closed(order, now());
      book.saveOrder(done);
      return done;
    },
    pay(order, payment) {
      const problem = payProblem(order, payment.openid, now());
      if (problem !== undefined) refuse('TRADE_STATE_ERROR', problem);
      const done = paid(order, { ...payment, transactionId: newTransactionId(now()) }, now());
      book.saveOrder(done);
      notices.ofPayment(done);
      return done;
    },
    fail(order, reason) {
      const tried = { ...order, attempts: [...order.attempts, { atMs: now(), reason }] };
      book.saveOrder(tried);
      return tried;
    },
    refund(name, terms, wantedSerial) {
      const order = find(name);
      if (order === undefined)
        refuse(name.transactionId === undefined ? 'REFUND_ORDER_NOT_EXIST' : 'INVALID_TRANSACTIONID', '订单不存在');
      const known = book.refund(terms.outRefundNo);
      if (known !== undefined) {
        checkRefundRepeat(known, order.outTradeNo, terms);
        return known;
      }
      checkRefund(order, book.refundsOf(order.outTradeNo), terms, now());
      const { balanceFen } = pay.settings;
      if (balanceFen !== null && balanceFen < terms.refundFen)
        refuse('NOT_ENOUGH', '基本账户余额不足，请充值后重新发起');
      if (balanceFen !== null) pay.settings = { ...pay.settings, balanceFen: balanceFen - terms.refundFen };
      const refund: Refund = {
        ...terms,
        refundId: newRefundId(now()),
        outTradeNo: order.outTradeNo,
        transactionId: order.transactionId ?? '',
        createdAtMs: now(),
        state: 'PROCESSING',
        settledAtMs: null,
        wantedSerial,
      };
      book.saveRefund(refund);
      book.saveOrder({ ...order, state: 'REFUND' });
      settleLater(refund.outRefundNo, pay.settings.refundOutcome);
      return refund;
    },
    retryAbnormal(refund) {
      if (refund.state !== 'ABNORMAL') refuse('REFUND_REFUSED', '退款单状态不是退款异常');
      const again: Refund = { ...refund, state: 'PROCESSING', settledAtMs: null };
      book.saveRefund(again);
      settleLater(again.outRefundNo, 'success');
      return again;
    },
    bill(day, kind, gzip) {
      const startMs = startOfDay(day) ?? refuse('PARAM_ERROR', '账单日期格式不正确');
      const decided = pay.bills.decided(day);
      const readable = decided === 'default' ? readiness(startMs, now()) : decided;
      if (readable === 'future' || readable === 'creating') refuse('STATEMENT_CREATING', '账单生成中，请稍后再试');
      const trade = { mchid: pay.keys.merchant.mchid, ...book.tradedOn(day) };
      const text = 'trade' in kind ? tradeBill(kind.trade, trade) : fundFlowBill(kind.fundFlow, trade);
      if (readable === 'gone' || text === undefined) refuse('NO_STATEMENT_EXIST', '请求的账单文件不存在');
      const bytes = Buffer.from(text);
      return { text: bytes, file: gzip ? gzipSync(bytes) : bytes };
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
