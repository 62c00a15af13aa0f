import type { CouponAction } from './change.ts';
import type { NewOrder } from './order.ts';
import type { RefundTold, TransactionTold } from './notice.ts';

/** Something that concerns one order: a command, a notice, or the result of a call. */
export type Happening =
  | { kind: 'create'; order: NewOrder }
  | { kind: 'cancel' }
  | { kind: 'request_refund'; outRefundNo: string; askedFen: number; reason: string }
  /** The issuer's answers. Those that tell nothing but that it was done: `coupon_done`; `expired`: it came back after its time. */
  | { kind: 'coupon_locked'; discountFen: number; lineFen: readonly number[] }
  | { kind: 'coupon_done'; action: CouponAction; expired?: boolean }
  | { kind: 'coupon_not_done'; action: CouponAction; unusable: Uint8Array; why: string }
  /** By a notice or by asking: the same. */
  | { kind: 'transaction_told'; told: TransactionTold }
  | { kind: 'refund_told'; told: RefundTold; asked: boolean }
  /** The platform was asked about what is not there. */
  | { kind: 'no_transaction' }
  | { kind: 'no_refund'; outRefundNo: string }
  | { kind: 'prepared'; prepayId: string }
  | { kind: 'prepay_refused'; code: string }
  | { kind: 'refund_refused'; outRefundNo: string; code: string }
  /** The order's time is over. */
  | { kind: 'time_out' }
  /** It was asked to close the order, and then about it; `done`: it said that it is closed, or does not know it. */
  | { kind: 'close_answered'; done: boolean; told: TransactionTold | undefined; attempts: number }
  /** A call that did not come about or whose outcome is unknown; `code` when there is one. */
  | { kind: 'try_again'; call: 'prepay' | 'query' | 'close'; attempts: number }
  | {
      kind: 'try_again_refund';
      call: 'refund' | 'query_refund';
      outRefundNo: string;
      attempts: number;
      code: string | undefined;
    };
