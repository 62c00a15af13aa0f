import type { Command } from 'commander';
import { revokeCoupon } from '../coupon/revoke.ts';
import { couponText } from '../coupon/text.ts';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `coupon revoke`: takes a coupon away for good. */
export const couponRevoke = (terminal: Terminal): Command =>
  leaf({
    usage: 'revoke <code>',
    description:
      '作废一张券，不能恢复 · take a coupon away for good; refused while an order holds it, and once it was used',
    examples: ['lingquan coupon revoke K7Q2-M9X4-TZ0B-5 --reason 客诉补发'],
  })
    .requiredOption('--reason <text>', '原因，供人查看 · why, for people and the log')
    .action(async (code: string, { reason, json }: { reason: string; json: boolean }) => {
      const coupon = await revokeCoupon(findSystem(terminal.env), code, reason);
      show(terminal, json, coupon, () => `✓ 已作废 revoked\n${couponText(coupon)}`);
    });
