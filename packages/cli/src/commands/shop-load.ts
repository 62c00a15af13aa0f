import { randomUUID } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { accountOf } from '../account.ts';
import { leaf } from '../leaf.ts';
import { openAnswersFile } from '../load/answers-file.ts';
import { durationMs, wholeNumber } from '../numbers.ts';
import { progressLine, summaryText } from '../shop-load/report.ts';
import { runShopLoad } from '../shop-load/run-shop-load.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = {
  orders: number;
  connections: number;
  couponShare: number;
  refundShare: number;
  partsShare: number;
  lostNotices: number;
  keyword: string;
  appid?: string;
  seed?: string;
  patience: number;
  out?: string;
  json: boolean;
};

/** `shop-load`: shoppers who claim, order, pay and ask money back, through the mini program's API and the simulator. */
export const shopLoad = (terminal: Terminal): Command =>
  leaf({
    usage: 'shop-load',
    description:
      '压测：领券、下单、支付、退款（要有模拟器）· shoppers who claim a coupon, order with it, pay, ask money back (needs the simulator)',
    examples: [
      'lingquan shop-load --orders 500 --connections 16',
      'lingquan shop-load --orders 200 --coupon-share 1 --refund-share 0.5 --lost-notices 0.2',
      'lingquan shop-load --orders 1000 --out bought.jsonl && lingquan audit --answers bought.jsonl',
    ],
  })
    .option('--orders <n>', '几个订单 · how many orders', wholeNumber(1, 1_000_000), 100)
    .option('--connections <n>', '同时几人 · shoppers at one time', wholeNumber(1, 1000), 16)
    .option('--coupon-share <p>', '用券的比例 · share of orders with a coupon', share, 0.7)
    .option('--refund-share <p>', '退款的比例 · share of paid orders given back', share, 0.1)
    .option('--parts-share <p>', '分两次退的比例，相隔一分钟 · share of refunds in two parts, a minute apart', share, 0)
    .option('--lost-notices <p>', '丢失的支付通知的比例 · share of notices never sent', share, 0)
    .option('--keyword <text>', '领券的关键词 · what they claim with', '优惠券')
    .option('--appid <appid>', '账号，默认为 WECHAT_APP_ID · the account, WECHAT_APP_ID by default')
    .option('--seed <text>', '同一种子同一批人 · the same seed makes the same shoppers')
    .option(
      '--patience <time>',
      '一步最多等多久（服务被杀时重试）· how long a step may take; what is not answered is sent again',
      durationMs,
      120_000,
    )
    .option('--out <file>', '把确知的结果写入文件，供 audit --answers · write what is certain, for audit --answers')
    .action((flags: Flags) => act(terminal, flags));

async function act(terminal: Terminal, flags: Flags): Promise<void> {
  const { orders, connections, keyword, seed = randomUUID(), patience: stepMs, lostNotices } = flags;
  const account = accountOf(terminal.env, flags.appid);
  const { ingressUrl, simulatorUrl } = findSystem(terminal.env);
  if (simulatorUrl === undefined)
    throw new AppError(
      'unavailable',
      '这个系统没有模拟器 this system has no simulator (SIMULATOR_URL): nobody could pay',
    );
  const shares = { coupon: flags.couponShare, refund: flags.refundShare, parts: flags.partsShare };
  const file = flags.out === undefined ? undefined : await openAnswersFile(flags.out);
  const summary = await runShopLoad({
    ingressUrl,
    simulatorUrl,
    account,
    keyword,
    orders,
    connections,
    shares,
    lostNotices,
    seed,
    stepMs,
    stopped: terminal.interruption(),
    onProgress: (progress) => terminal.err(`${progressLine(progress)}\n`),
    ...(file && { onBought: file.add }),
  });
  await file?.close();
  show(
    terminal,
    flags.json,
    { appid: account.appid, keyword, shares, lostNotices, connections, seed, ...summary },
    () => summaryText(summary),
  );
  const lost = Object.keys(summary.ends).filter((end) => end.startsWith('gave up'));
  if (lost.length > 0) throw new AppError('unavailable', `没有等到结果 no outcome in time: ${lost.join(', ')}`);
}

function share(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value <= 1) return value;
  throw new InvalidArgumentError('要 0 到 1 之间的数 · a number from 0 to 1 is needed.');
}
