import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AppError } from '@lingquan/errors';
import { maskOpenid } from '@lingquan/log';
import { z } from 'zod';
import { startCheck } from './check.ts';
import type { CheckResult } from './check.ts';
import { factText } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import type { OrderRow } from './payment-store.ts';

const answered = z.object({
  openid: z.string(),
  /** The coupon he was told of. */
  code: z.string().optional(),
  /** The order he saw paid, or given back in whole. */
  outTradeNo: z.string().optional(),
  state: z.enum(['paid', 'refunded']).optional(),
  paidFen: z.number().optional(),
});
export type Answered = z.output<typeof answered>;

/** What followers were told, as `load --out` and `shop-load --out` wrote it. Rejects with `invalid`, naming the line, when it is something else. */
export async function* readAnswers(path: string): AsyncGenerator<Answered> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      if (line.trim() !== '') yield answered.parse(JSON.parse(line));
    }
  } catch (cause) {
    throw new AppError('invalid', `--answers: 无法读取 cannot read ${path}${number > 0 ? `:${number}` : ''}`, {
      cause,
    });
  }
}

/** Whether every code a follower was shown is that follower's claim, and every order he saw paid is paid. */
export async function checkAnswers(
  ledger: Ledger,
  answers: AsyncIterable<Answered> | Iterable<Answered>,
  orders: ReadonlyMap<string, OrderRow> = new Map(),
): Promise<CheckResult> {
  const check = startCheck('answers', '已答复的都在 every answered claim and payment is there');
  for await (const { openid, code, outTradeNo, state, paidFen } of answers) {
    check.looked();
    if (outTradeNo !== undefined && state !== undefined) {
      const order = orders.get(outTradeNo);
      const back = state !== 'refunded' || order?.refundedFen === order?.paidFen;
      if (order?.state !== 'paid' || (paidFen !== undefined && order.paidFen !== paidFen) || !back)
        check.found(
          `${outTradeNo}: 已告知 told to be ${state} ${paidFen ?? ''}，存储 the store says ${order?.state ?? '—'}`,
        );
    }
    if (code === undefined) continue;
    const claim = ledger.claimByCode(code);
    if (claim === undefined)
      check.found(`${code}: 已告知 told to ${maskOpenid(openid)}，没有这次领取 there is no such claim`);
    else if (claim.openid !== openid)
      check.found(
        `${code}: 已告知 told to ${maskOpenid(openid)}，属于 belongs to ${maskOpenid(claim.openid)}, ${factText(claim)}`,
      );
  }
  return check.result();
}
