import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { paymentClient } from '../payment/client.ts';
import { ledgerText } from '../payment/table.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `payment ledger`: what every account comes to. */
export const paymentLedger = (terminal: Terminal): Command =>
  leaf({
    usage: 'ledger',
    description:
      '总账各账户余额，借方为正，合计必须为零 · what every account comes to, debits positive; together nothing',
    examples: ['lingquan payment ledger', 'lingquan payment ledger --json'],
  }).action(async ({ json }: { json: boolean }) => {
    const ledger = await paymentClient(findSystem(terminal.env)).ledger();
    show(terminal, json, ledger, () => ledgerText(ledger));
    if (ledger.sumFen !== 0) throw new AppError('conflict', '合计不为零 the ledger does not sum to zero');
  });
