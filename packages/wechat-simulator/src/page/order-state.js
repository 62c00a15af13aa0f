/** What an order says of itself, turned into what the page shows. Pure. `paidHere`: this phone has paid it. */

const doneRefunds = new Set(['succeeded', 'closed', 'abnormal']);

export const leftFen = ({ paidFen = 0, refunds = [] }) =>
  paidFen - refunds.filter(({ state }) => state !== 'closed').reduce((sum, { refundFen }) => sum + refundFen, 0);

const isRefunding = ({ refunds = [] }) => refunds.some(({ state }) => !doneRefunds.has(state));
const isWhole = ({ paidFen = 0, payableFen, refundedFen = 0, refunds = [] }) =>
  refunds.some(({ state }) => state === 'succeeded') && (payableFen === 0 || refundedFen >= paidFen);

/** Where it stands, as a word of `state_…`. */
export function standing(order, paidHere) {
  if (order.state === 'unpaid' && paidHere) return 'confirming';
  if (order.state !== 'paid') return order.state;
  if (isRefunding(order)) return 'refunding';
  if (isWhole(order)) return 'refunded';
  return order.refundedFen > 0 ? 'partly' : 'paid';
}

/** What became of the coupon, in the words of `step_…`; undefined without one. */
function couponStep(order) {
  const { couponCode, couponState, state } = order;
  if (!couponCode || !couponState) return undefined;
  if (couponState === 'none' || couponState === 'refused') return undefined;
  if (couponState === 'locked' && state === 'paid') return 'redeeming';
  if (couponState === 'locked' && state === 'closed') return 'releasing';
  if (couponState === 'redeemed' && isWhole(order)) return 'returning';
  return couponState;
}

const settledCoupon = new Set([undefined, 'redeemed', 'released', 'returned', 'returned_expired', 'gone']);

/** Whether it will change by itself within moments. */
export function isMoving(order, paidHere) {
  if (['pending', 'locking', 'closing'].includes(order.state)) return true;
  if (order.state === 'unpaid') return paidHere;
  return isRefunding(order) || !settledCoupon.has(couponStep(order));
}

/**
 * What happened so far, oldest first: `{ step, at, done, refund? }`. `done` false is what is being waited for, 'bad' what went
 * wrong.
 */
export function stepsOf(order, paidHere) {
  const coupon = couponStep(order);
  const steps = [{ step: 'created', at: order.createdAt, done: true }];
  const hadCoupon = coupon !== undefined;
  if (coupon === 'locking') steps.push({ step: 'locking', done: false });
  else if (hadCoupon) steps.push({ step: 'locked', done: true, offFen: order.discountFen });
  if (order.state === 'unpaid' && paidHere) steps.push({ step: 'paying', done: false });
  if (order.state === 'closed') steps.push({ step: 'closed', done: 'bad', cause: order.closedCause });
  if (order.state === 'paid') steps.push(...paidSteps(order, coupon));
  if (order.state === 'closed' && ['releasing', 'released'].includes(coupon))
    steps.push({ step: coupon, done: coupon !== 'releasing' });
  return steps;
}

function paidSteps(order, coupon) {
  const { refunds = [] } = order;
  const steps = [{ step: order.payableFen === 0 ? 'free' : 'paid', at: order.paidAt, done: true, fen: order.paidFen }];
  if (coupon === 'gone') steps.push({ step: 'gone', done: 'bad' });
  else if (coupon === 'redeeming') steps.push({ step: 'redeeming', done: false });
  else if (coupon !== undefined && coupon !== 'locking') steps.push({ step: 'redeemed', done: true });
  for (const [index, refund] of refunds.entries()) {
    const { state, succeededAt, requestedAt } = refund;
    const done = state === 'succeeded' ? true : doneRefunds.has(state) ? 'bad' : false;
    steps.push({
      step: 'refund',
      at: succeededAt ?? requestedAt,
      done,
      refund,
      waits: index > 0 && state === 'requested',
    });
  }
  if (['returning', 'returned', 'returned_expired'].includes(coupon))
    steps.push({ step: coupon, done: coupon !== 'returning' });
  return steps;
}
