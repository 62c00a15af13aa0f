import { randomUUID } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { wholeNumber } from '../numbers.ts';
import { findSystem } from '../system.ts';
import { yuan } from '../table.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { redeem as redeemAtTill, tillToken } from '../till.ts';

type Flags = { shop: string; cashier: string; amountFen?: number; key?: string; json: boolean };

/** `redeem`: uses a coupon up at a till, as its cashier would. */
export const redeem = (terminal: Terminal): Command =>
  leaf({
    usage: 'redeem <code>',
    description: '收银台核销一张券，券码或二维码内容 · use a coupon up at a till: its code, or what its QR code holds',
    examples: [
      'lingquan redeem K7Q2-M9X4-TZ0B-5 --shop 一店 --cashier 小王',
      'lingquan redeem lingquan:coupon:K7Q2M9X4TZ0B5 --shop s1 --cashier c7 --amount-fen 4200 --json',
    ],
  })
    .requiredOption('--shop <text>', '门店 · the shop')
    .requiredOption('--cashier <text>', '收银员 · who takes it')
    .option('--amount-fen <n>', '消费金额（分）· what the customer is about to pay', wholeNumber(1))
    .option('--key <text>', '幂等键，8–64 个字符；同一键再来是同一次核销 · the same key again is the same redemption')
    .action(async (code: string, { json, key, ...till }: Flags) => {
      const token = tillToken(terminal.env);
      const wanted = { code, ...till, idempotencyKey: key ?? randomUUID() };
      const outcome = await redeemAtTill(findSystem(terminal.env), token, wanted);
      if (outcome.outcome === 'refused') {
        if (json) show(terminal, json, outcome, () => '');
        throw new AppError('conflict', `不能核销 refused: ${outcome.reason} · ${outcome.message}`);
      }
      show(
        terminal,
        json,
        outcome,
        () => `✓ 已核销 redeemed ${outcome.code}  ${outcome.campaignName}  抵 worth ${yuan(outcome.worthFen)}`,
      );
    });
