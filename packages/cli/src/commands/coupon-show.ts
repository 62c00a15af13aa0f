import type { Command } from 'commander';
import { requireCoupon } from '../coupon/revoke.ts';
import { couponText } from '../coupon/text.ts';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `coupon show`: one coupon as it stands. */
export const couponShow = (terminal: Terminal): Command =>
  leaf({
    usage: 'show <code>',
    description: '查看一张券 · show one coupon',
    examples: ['lingquan coupon show K7Q2-M9X4-TZ0B-5', 'lingquan coupon show K7Q2M9X4TZ0B5 --json'],
  }).action(async (code: string, { json }: { json: boolean }) => {
    const coupon = await requireCoupon(findSystem(terminal.env), code);
    show(terminal, json, coupon, () => couponText(coupon));
  });
