/** One line of a day's bill, or what the ledger says it should be. */
export type Line = {
  kind: 'pay' | 'refund';
  outTradeNo: string;
  transactionId: string;
  outRefundNo: string;
  fen: number;
};

/** `ours` and `theirs` are fen, null where there is nothing. */
export type Difference = {
  kind:
    | 'missing_here'
    | 'missing_there'
    | 'amount_differs'
    | 'transaction_differs'
    | 'refund_missing_here'
    | 'refund_missing_there'
    | 'refund_amount_differs';
  outTradeNo: string;
  outRefundNo?: string;
  ours: number | null;
  theirs: number | null;
};

export type Compared = { matched: number; differences: Difference[] };

const keyOf = ({ kind, outTradeNo, outRefundNo }: Line): string =>
  kind === 'pay' ? `pay ${outTradeNo}` : `refund ${outRefundNo}`;

/**
 * Compares a day's bill with what is booked (reference D.7). `ours` is everything booked about the orders and refunds the bill names,
 * of whatever day; `expected` is what should be in the bill of this day.
 */
export function compare(bill: readonly Line[], ours: readonly Line[], expected: readonly Line[]): Compared {
  const booked = new Map(ours.map((line) => [keyOf(line), line]));
  const billed = new Set(bill.map(keyOf));
  const differences: Difference[] = [];
  let matched = 0;
  for (const line of bill) {
    const difference = differenceOf(booked.get(keyOf(line)), line);
    if (difference === undefined) matched++;
    else differences.push({ ...about(line), ...difference });
  }
  for (const line of expected) {
    if (billed.has(keyOf(line))) continue;
    const kind = line.kind === 'pay' ? 'missing_there' : 'refund_missing_there';
    differences.push({ ...about(line), kind, ours: line.fen, theirs: null });
  }
  return { matched, differences };
}

const about = ({ kind, outTradeNo, outRefundNo }: Line) =>
  kind === 'pay' ? { outTradeNo } : { outTradeNo, outRefundNo };

function differenceOf(ours: Line | undefined, theirs: Line): Pick<Difference, 'kind' | 'ours' | 'theirs'> | undefined {
  const isPayment = theirs.kind === 'pay';
  if (ours === undefined)
    return { kind: isPayment ? 'missing_here' : 'refund_missing_here', ours: null, theirs: theirs.fen };
  if (ours.fen !== theirs.fen || ours.outTradeNo !== theirs.outTradeNo)
    return { kind: isPayment ? 'amount_differs' : 'refund_amount_differs', ours: ours.fen, theirs: theirs.fen };
  return isPayment && ours.transactionId !== theirs.transactionId
    ? { kind: 'transaction_differs', ours: ours.fen, theirs: theirs.fen }
    : undefined;
}
