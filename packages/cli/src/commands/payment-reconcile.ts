import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { paymentClient } from '../payment/client.ts';
import { reconciliationText } from '../payment/table.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `payment reconcile`: the platform's bill of a day beside our ledger. */
export const paymentReconcile = (terminal: Terminal): Command =>
  leaf({
    usage: 'reconcile <date>',
    description:
      '对账：某日的微信支付账单与总账，有差异时退出码 1 · compare WeChat Pay’s bill of a day (Beijing time) with the ledger; exit code 1 when they differ',
    examples: ['lingquan payment reconcile 2027-01-20', 'lingquan payment reconcile 2027-01-20 --json'],
  }).action(async (date: string, { json }: { json: boolean }) => {
    if (!/^\d{4}-\d\d-\d\d$/.test(date))
      throw new AppError('invalid', '要日期，如 2027-01-20 · a date is needed, such as 2027-01-20');
    const found = await paymentClient(findSystem(terminal.env)).reconcile(date);
    show(terminal, json, found, () => reconciliationText(found));
    if (found.state !== 'done') throw new AppError('unavailable', '没有核对 nothing was compared');
    if (found.differences.length > 0) throw new AppError('conflict', '有差异，见上 they differ, see above');
  });
