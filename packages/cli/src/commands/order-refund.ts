import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { wholeNumber } from '../numbers.ts';
import { requestRefund } from '../payment/refund.ts';
import { findSystem } from '../system.ts';
import { yuan } from '../table.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = { amountFen?: number; reason: string; key?: string; json: boolean };

/** `order refund`: gives money back; the last part of it brings the coupon back too. */
export const orderRefund = (terminal: Terminal): Command =>
  leaf({
    usage: 'refund <order>',
    description:
      '退款，默认退余下的全部 · give money back, by default all that is left; the coupon returns with the last of it',
    examples: [
      'lingquan order refund LQ0123456789 --reason 缺货',
      'lingquan order refund LQ0123456789 --amount-fen 500 --key ticket-4711',
    ],
  })
    .option('--amount-fen <n>', '退多少分 · how many fen', wholeNumber(1))
    .option('--reason <text>', '原因，付款人会看到 · why; the payer reads it', '')
    .option('--key <text>', '同一键再来是同一笔退款 · the same key again is the same refund')
    .action(async (outTradeNo: string, { amountFen, reason, key, json }: Flags) => {
      const wanted = { outTradeNo, amountFen, reason, key: key ?? randomUUID() };
      const refund = await requestRefund(findSystem(terminal.env), wanted);
      show(
        terminal,
        json,
        { outTradeNo, ...refund },
        () => `✓ 已受理 taken: ${refund.outRefundNo}  ${yuan(refund.refundFen)}  ${refund.state}`,
      );
    });
