import type { Command } from 'commander';
import { defaultAppid } from '../account.ts';
import { leaf } from '../leaf.ts';
import { wholeNumber } from '../numbers.ts';
import { paymentClient } from '../payment/client.ts';
import { orderTable } from '../payment/table.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = { openid: string; appid?: string; limit: number; cursor?: string; json: boolean };

/** `order list`: what one follower ordered. */
export const orderList = (terminal: Terminal): Command =>
  leaf({
    usage: 'list',
    description: '列出一个用户的订单，新的在前 · what one follower ordered, the newest first',
    examples: ['lingquan order list --openid oABC…', 'lingquan order list --openid oABC… --limit 10 --json'],
  })
    .requiredOption('--openid <openid>', '用户 · whose orders')
    .option('--appid <appid>', '账号，默认为 WECHAT_APP_ID · the account, WECHAT_APP_ID by default')
    .option('--limit <n>', '最多几个 · how many at most', wholeNumber(1, 200), 50)
    .option('--cursor <text>', '上一页给出的 next · the `next` of the page before')
    .action(async ({ json, appid, ...flags }: Flags) => {
      const page = await paymentClient(findSystem(terminal.env)).orders({
        ...flags,
        appid: appid ?? defaultAppid(terminal.env),
      });
      const more = page.next === null ? '' : `\n更多 more: --cursor ${page.next}`;
      show(terminal, json, page, () =>
        page.items.length === 0 ? '没有订单 no orders' : orderTable(page.items) + more,
      );
    });
