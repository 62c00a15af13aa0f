import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@lingquan/errors';
import { checkout } from './layout.ts';
import type { Say } from './terminal.ts';
import { stopwatch } from './terminal.ts';
import { waitUntil } from './waiting.ts';

const run = promisify(execFile);

const keyword = '优惠券';
const campaign = ['--keyword', keyword, '--name', '满30减5元券', '--kind', 'threshold', '--value-fen', '500'];
const terms = ['--threshold-fen', '3000', '--stock', '1000000', '--limit', '1'];

/** Sees to it that there is a campaign to try: one for the keyword 优惠券, unless one is live already. */
export async function ensureDemoCampaign(env: Record<string, string>, say: Say): Promise<void> {
  const elapsed = stopwatch();
  const { items } = await lingquan<{ items: { keyword: string; status: string; appid: string }[] }>(env, [
    'campaign',
    'list',
  ]);
  const live = items.some(
    (one) => one.keyword === keyword && one.status === 'live' && one.appid === env['WECHAT_APP_ID'],
  );
  if (live) return say(`✓ 活动「${keyword}」进行中 the campaign is live ${elapsed()}`);
  const { campaignId } = await lingquan<{ campaignId: string }>(env, ['campaign', 'create', ...campaign, ...terms]);
  say(`✓ 活动「${keyword}」已上线 the campaign is live: ${campaignId} ${elapsed()}`);
}

/** The command line tool, as a person would call it; it finds the system by LOCAL_DIR. */
async function lingquan<T>(env: Record<string, string>, args: readonly string[]): Promise<T> {
  try {
    const { stdout } = await run(process.execPath, [join(checkout, 'packages/cli/src/bin.ts'), ...args, '--json'], {
      env,
    });
    return JSON.parse(stdout) as T;
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new AppError('unavailable', `lingquan ${args[0]} ${args[1]}: ${stderr}`, { cause });
  }
}

/** A coupon and who owns it. */
export type Claimed = { openid: string; code: string };

/** An event as the claim log shows it. */
export type LogLine = {
  type: string;
  time: string;
  code: string | null;
  kafka: { topic: string; partition: number; offset: string | number };
};

/**
 * One claim through the whole path: a new follower sends the keyword, the reply comes back, and the claim log has the event.
 * Shows both; not the follower's openid, since what is shown is also kept.
 */
export async function claimOnce(urls: { simulator: string; claimLog: string }, say: Say): Promise<Claimed> {
  const elapsed = stopwatch();
  const openid = `o${randomBytes(20).toString('base64url')}`.slice(0, 28);
  const reply = await push(urls.simulator, openid);
  say(`✓ 领取一张 one coupon claimed ${elapsed()}`);
  say(`  粉丝 follower → ${keyword}`);
  for (const line of reply.split('\n')) say(`  回复 reply    ← ${line}`);
  const line = await logLine(urls.claimLog, openid);
  say(logText(line));
  return { openid, code: line.code! };
}

/** A line of the claim log as it is shown. */
export const logText = ({ type, time, code, kafka }: LogLine): string =>
  `  日志 claim log  ${time} ${type} ${code} ${kafka.topic}[${kafka.partition}]@${kafka.offset}`;

async function push(simulator: string, openid: string): Promise<string> {
  const response = await fetch(`${simulator}/_sim/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ openid, type: 'text', text: keyword }),
    signal: AbortSignal.timeout(30_000),
  });
  const pushed = (await response.json()) as { shown?: string | null; problem?: string | null };
  if (response.ok && pushed.shown && /^券码：/m.test(pushed.shown)) return pushed.shown;
  throw new AppError(
    'unavailable',
    `第一张券没有领到 the first claim got no coupon: ${pushed.shown ?? pushed.problem ?? response.status}`,
  );
}

/** The claim's line, which the log writes a moment after the reply. */
const logLine = async (claimLog: string, openid: string): Promise<LogLine> =>
  (await logLines(`${claimLog}/events?openid=${encodeURIComponent(openid)}`, 'coupon.claimed')).at(-1)!;

/** The lines a question to the claim log brings once one of this type is among them; it writes a moment after the fact. */
export async function logLines(url: string, due: string): Promise<LogLine[]> {
  const token = process.env['CLAIM_LOG_TOKEN']; // where the log has readers
  const headers = token ? { authorization: `Bearer ${token}` } : undefined;
  let found: LogLine[] = [];
  await waitUntil(
    async () => {
      const response = await fetch(url, { ...(headers && { headers }), signal: AbortSignal.timeout(2000) });
      ({ items: found } = (await response.json()) as { items: LogLine[] });
      if (!found.some(({ type }) => type === due)) throw new Error(`${due} is not in the log yet`);
    },
    { withinMs: 10_000 },
  );
  return found;
}
