import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { requireOrder } from '../payment/client.ts';
import { orderText } from '../payment/table.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `order show`: one order with its lines and refunds. */
export const orderShow = (terminal: Terminal): Command =>
  leaf({
    usage: 'show <order>',
    description: '查看一个订单 · show one order, what was bought and given back',
    examples: ['lingquan order show LQ0123456789'],
  }).action(async (outTradeNo: string, { json }: { json: boolean }) => {
    const order = await requireOrder(findSystem(terminal.env), outTradeNo);
    show(terminal, json, order, () => orderText(order));
  });
