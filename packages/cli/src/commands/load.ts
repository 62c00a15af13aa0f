import { randomUUID } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { accountOf } from '../account.ts';
import { leaf } from '../leaf.ts';
import { openAnswersFile } from '../load/answers-file.ts';
import type { Followers } from '../load/followers.ts';
import type { Pace } from '../load/pace.ts';
import { progressLine, summaryText } from '../load/report.ts';
import { runLoad } from '../load/run-load.ts';
import { durationMs, wholeNumber } from '../numbers.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = {
  appid?: string;
  keyword: string;
  rate?: number;
  connections?: number;
  duration: number;
  requests?: number;
  followers: Followers;
  seed?: string;
  open: boolean;
  out?: string;
  json: boolean;
};

/** `load`: signed pushes at ingress, with latencies from the instant each should have left. */
export const load = (terminal: Terminal): Command =>
  leaf({
    usage: 'load',
    description: '压测：像微信一样推送签名消息 · push signed messages at ingress, as WeChat would',
    examples: [
      'lingquan load --rate 1000 --duration 30s',
      'lingquan load --connections 64 --duration 10s --keyword 优惠券 --json',
      'lingquan load --connections 64 --requests 64 --followers 1            # one follower, 64 at once',
      'lingquan load --rate 500 --duration 60s --out answers.jsonl && lingquan audit --answers answers.jsonl',
    ],
  })
    .option(
      '--rate <n>',
      '每秒条数，与答复快慢无关（开环）· pushes a second, whatever comes back (open loop)',
      wholeNumber(1, 100_000),
    )
    .option(
      '--connections <n>',
      '并发连接，各等答复再发（闭环，默认 64）· connections that each wait for their answer (closed loop, the default: 64)',
      wholeNumber(1, 10_000),
    )
    .addOption(
      new Option('--duration <time>', '时长 · how long: 500ms, 30s, 2m').argParser(durationMs).default(10_000, '10s'),
    )
    .option('--requests <n>', '最多条数 · pushes at most', wholeNumber(1))
    .option(
      '--followers <distinct|n>',
      '每条不同的粉丝，或 n 个轮流 · a new follower each time, or n in turn',
      followers,
      'distinct',
    )
    .option('--keyword <text>', '发送的文字 · the text they send', '优惠券')
    .option('--appid <appid>', '账号，默认为 WECHAT_APP_ID；模式随账号 · the account, whose mode it uses')
    .option('--seed <text>', '同一种子同一批粉丝 · the same seed makes the same followers')
    .option(
      '--no-open',
      '不打开加密答复（更省，但不知券码）· leave encrypted replies closed: cheaper, but codes are not counted',
    )
    .option('--out <file>', '把得到的券码写入文件，供 audit --answers · write the codes answered, for audit --answers')
    .action((flags: Flags) => act(terminal, flags));

async function act(terminal: Terminal, flags: Flags): Promise<void> {
  const pace = paceOf(flags);
  const account = accountOf(terminal.env, flags.appid);
  const { ingressUrl } = findSystem(terminal.env);
  const file = flags.out === undefined ? undefined : await openAnswersFile(flags.out);
  const { keyword, followers: who, seed = randomUUID() } = flags;
  const summary = await runLoad({
    ingressUrl,
    account,
    keyword,
    pace,
    durationMs: flags.duration,
    countMax: flags.requests ?? Infinity,
    followers: who,
    seed,
    opens: flags.open,
    stopped: terminal.interruption(),
    onProgress: (progress) => terminal.err(`${progressLine(progress)}\n`),
    ...(file && { onCode: file.add }),
  });
  await file?.close();
  const { appid, mode } = account;
  show(terminal, flags.json, { appid, mode, keyword, pace, followers: who, seed, ...summary }, () =>
    summaryText(summary),
  );
  if (summary.answers['connection'] === summary.sent)
    throw new AppError('unavailable', `ingress 没有回答 does not answer (${ingressUrl}): npm start`);
}

function paceOf({ rate, connections }: Flags): Pace {
  if (rate === undefined) return { kind: 'closed', connections: connections ?? 64 };
  if (connections === undefined) return { kind: 'open', ratePerSecond: rate };
  throw new AppError('invalid', '--rate 和 --connections 只能选一个 · choose one of --rate and --connections');
}

function followers(text: string): Followers {
  if (text === 'distinct') return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('要 distinct 或一个整数 · distinct or a whole number is needed.');
}
