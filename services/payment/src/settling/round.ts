import type { OutgoingRecord } from '@lingquan/kafka';
import type { Fact, TaskChange } from '../domain/change.ts';
import { decide } from '../domain/decide.ts';
import type { Circumstances, Decision } from '../domain/decide.ts';
import type { Happening } from '../domain/happening.ts';
import type { Incident } from '../domain/incident.ts';
import { isSameOrder, outcomeOf } from '../domain/order.ts';
import type { Order } from '../domain/order.ts';
import type { Refund } from '../domain/refund.ts';
import { couponCommand } from '../publish/coupon-commands.ts';
import { factRecord } from '../publish/facts.ts';
import { orderAnswer, refundAnswer, replyRecords } from '../publish/replies.ts';
import type { Cause } from '../publish/source.ts';
import type { Command } from '../store/commands.ts';
import type { Booked } from '../store/ledger.ts';
import type { Task } from '../store/tasks.ts';

/** Something that happened to one order, and what it came from. */
export type Item = {
  outTradeNo: string;
  /** The refund it is about. */
  outRefundNo?: string | undefined;
  happening: Happening;
  cause: Cause;
  /** A command that wants an answer; its id is the cause's. */
  replyTo?: string | undefined;
  /** The call this is the result of. */
  task?: Task | undefined;
};

/** What the items of one round are decided from. */
export type Loaded = {
  orders: Map<string, Order>;
  refunds: Refund[];
  commands: Command[];
  /** out_trade_no by the transaction_id it was paid with, of those the items name. */
  holders: Map<string, string>;
};

/** The transaction_id a happening names. */
export const transactionIn = (happening: Happening): string | undefined => {
  const told =
    happening.kind === 'transaction_told' || happening.kind === 'close_answered' ? happening.told : undefined;
  return told?.transactionId === '' ? undefined : told?.transactionId;
};

/** What a round writes, each thing once, as it is at the end. */
export type Written = {
  orders: Order[];
  refunds: Refund[];
  commands: Command[];
  bookings: Booked[];
  tasks: TaskChange[];
  finished: Task[];
  incidents: { incident: Incident; atMs: number; item: number }[];
};

export type Settled = {
  written: Written;
  /** By item. */
  records: OutgoingRecord[][];
  orders: Map<string, Order>;
  facts: Fact['kind'][];
};

type Surroundings = Pick<Circumstances, 'nowMs' | 'ownMchid' | 'refundGapMs'> & { random: () => number };

/** Decides the items of one round in memory, one after the other, each from what those before it left. */
export function settleRound(
  { orders, refunds, commands, holders }: Loaded,
  items: readonly Item[],
  at: Surroundings,
): Settled {
  const refundsByNo = new Map(refunds.map((refund) => [refund.outRefundNo, refund]));
  const commandsById = new Map(commands.map((command) => [command.id, command]));
  const refundsOf = grouped(
    refunds,
    ({ outTradeNo }) => outTradeNo,
    ({ outRefundNo }) => outRefundNo,
  );
  const waitingFor = grouped(
    commands.filter((command) => command.answer === undefined),
    ({ outTradeNo }) => outTradeNo,
    ({ id }) => id,
  );
  const changed = { orders: new Set<string>(), refunds: new Set<string>(), commands: new Set<string>() };
  const tasks = new Map<string, TaskChange>();
  const facts: Fact['kind'][] = [];
  const written: Pick<Written, 'bookings' | 'incidents'> = { bookings: [], incidents: [] };

  const decideOne = ({ outTradeNo, outRefundNo, happening, cause }: Item): Decision => {
    const known = {
      outTradeNo,
      order: orders.get(outTradeNo),
      refunds: [...(refundsOf.get(outTradeNo) ?? [])].map((no) => refundsByNo.get(no)!),
      refund: outRefundNo === undefined ? undefined : refundsByNo.get(outRefundNo),
      heldBy: holders.get(transactionIn(happening) ?? ''),
    };
    const { timeMs: saidAtMs, traceparent } = cause;
    return decide(known, happening, { ...at, random: at.random(), saidAtMs, traceparent });
  };

  const keep = (decision: Decision, item: number): void => {
    const { order, refund } = decision;
    if (order !== undefined) {
      orders.set(order.outTradeNo, order);
      if (order.transactionId !== undefined) holders.set(order.transactionId, order.outTradeNo);
      changed.orders.add(order.outTradeNo);
    }
    if (refund !== undefined) {
      refundsByNo.set(refund.outRefundNo, refund);
      put(refundsOf, refund.outTradeNo, refund.outRefundNo);
      changed.refunds.add(refund.outRefundNo);
    }
    facts.push(...decision.facts.map(({ kind }) => kind));
    for (const change of decision.tasks) keepTask(tasks, change);
    written.bookings.push(...decision.bookings.map((booking) => ({ ...booking, atMs: at.nowMs })));
    written.incidents.push(...decision.incidents.map((incident) => ({ incident, atMs: at.nowMs, item })));
  };

  const answer = (command: Command, bytes: Uint8Array, traceparent?: string): OutgoingRecord[] => {
    const answered = { ...command, answer: bytes };
    commandsById.set(command.id, answered);
    changed.commands.add(command.id);
    return replyRecords(answered, at.nowMs, traceparent);
  };

  /** Answers everybody who waits for this order, once there is an answer. */
  const answerWaiting = (outTradeNo: string): OutgoingRecord[] => {
    const order = orders.get(outTradeNo);
    const outcome = order && outcomeOf(order);
    const waiting = waitingFor.get(outTradeNo);
    if (order === undefined || outcome === undefined || waiting === undefined) return [];
    waitingFor.delete(outTradeNo);
    return [...waiting].flatMap((id) =>
      answer(commandsById.get(id)!, orderAnswer(id, outTradeNo, outcome), order.traceparent),
    );
  };

  /** Takes note of who asks; the records are the answer to a command that had its turn. */
  const hear = ({ outTradeNo, happening, cause, replyTo }: Item): OutgoingRecord[] | undefined => {
    const before = commandsById.get(cause.id);
    const command: Command = { id: cause.id, outTradeNo, answer: before?.answer, replyTo: replyTo ?? before?.replyTo };
    if (command.answer !== undefined) return replyRecords(command, at.nowMs, cause.traceparent);
    const order = orders.get(outTradeNo);
    // The same command again is the same order, also if whoever gives it has raised his prices meanwhile.
    const isOther = happening.kind === 'create' && order !== undefined && !isSameOrder(order, happening.order);
    if (isOther && before === undefined)
      return answer(command, orderAnswer(cause.id, outTradeNo, { kind: 'refused', reason: 'number_taken' }));
    commandsById.set(cause.id, command);
    changed.commands.add(cause.id);
    if (happening.kind === 'create') put(waitingFor, outTradeNo, cause.id);
    return undefined;
  };

  const settleOne = (item: Item, place: number): OutgoingRecord[] => {
    const { outTradeNo, outRefundNo, happening, cause } = item;
    const isAsked = happening.kind === 'create' || happening.kind === 'request_refund';
    const repeated = isAsked ? hear(item) : undefined;
    if (repeated !== undefined) return repeated;
    const decision = decideOne(item);
    keep(decision, place);
    const order = orders.get(outTradeNo);
    const said: OutgoingRecord[] = [];
    if (order !== undefined) {
      said.push(...decision.facts.map((fact) => factRecord(order, fact, cause)));
      said.push(...decision.coupon.map((action) => couponCommand(order, action, cause)));
    }
    if (decision.refundOutcome !== undefined && outRefundNo !== undefined) {
      const bytes = refundAnswer(cause.id, { outTradeNo, outRefundNo }, decision.refundOutcome);
      said.push(...answer(commandsById.get(cause.id)!, bytes, cause.traceparent));
    }
    return [...said, ...answerWaiting(outTradeNo)];
  };

  const records = items.map(settleOne);
  return {
    records,
    orders,
    facts,
    written: {
      ...written,
      orders: [...changed.orders].map((no) => orders.get(no)!),
      refunds: [...changed.refunds].map((no) => refundsByNo.get(no)!),
      commands: [...changed.commands].map((id) => commandsById.get(id)!),
      tasks: [...tasks.values()],
      finished: items.flatMap(({ task }) => (task === undefined ? [] : [task])),
    },
  };
}

/** Values by group, each once, in the order they came. */
function grouped<T>(items: readonly T[], groupOf: (item: T) => string, valueOf: (item: T) => string) {
  const groups = new Map<string, Set<string>>();
  for (const item of items) put(groups, groupOf(item), valueOf(item));
  return groups;
}

function put(groups: Map<string, Set<string>>, group: string, value: string): void {
  const values = groups.get(group);
  if (values === undefined) groups.set(group, new Set([value]));
  else values.add(value);
}

/** The later change of a task wins; of two due times the earlier. */
function keepTask(tasks: Map<string, TaskChange>, change: TaskChange): void {
  const key = `${change.kind} ${change.key}`;
  const before = tasks.get(key);
  const sooner = before?.to === 'due' && change.to === 'due' && before.atMs < change.atMs;
  tasks.set(key, sooner ? before : change);
}
