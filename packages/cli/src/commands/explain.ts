import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { explain as explanation } from '../explain/explanation.ts';
import type { Asked } from '../explain/explanation.ts';
import { explanationText } from '../explain/layout.ts';
import { issuedCode } from '../explain/typed-code.ts';
import { leaf } from '../leaf.ts';
import { instant } from '../numbers.ts';
import { logAddress } from '../proof/log-address.ts';
import { openSource } from '../proof/open-source.ts';
import { progress } from '../proof/progress.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = {
  openid?: string;
  code?: string;
  campaign?: string;
  at?: Date;
  recording?: string;
  quick: boolean;
  json: boolean;
};

/** `explain`: what a follower held at an instant and why he was refused, or one coupon's whole life, from the topics alone. */
export const explain = (terminal: Terminal): Command =>
  leaf({
    usage: 'explain',
    description:
      '为什么：一位粉丝当时有什么券、为何没领到，一张券的一生 · what a follower held and why he was refused, or one coupon’s life',
    examples: [
      'lingquan explain --openid oAbc123',
      'lingquan explain --openid oAbc123 --campaign spring --at 2027-01-20T10:00:00+08:00',
      'lingquan explain --code K7Q2-M9X4-TZ0B-5',
      'lingquan explain --openid oAbc123 --quick             # 只读日志指到的 only what the claim log points to',
      'lingquan explain --openid oAbc123 --recording day.lqrec --json',
    ],
  })
    .option('--openid <openid>', '哪位粉丝 · which follower')
    .option('--code <code>', '哪张券，怎么写都行 · which coupon, however it is typed')
    .option('--campaign <id>', '只看这个活动 · only what is about this campaign')
    .option('--at <instant>', '截至何时，默认现在 · as of when, by default now', instant)
    .option('--recording <file>', '从录制文件 · from a recording (lingquan record)')
    .option(
      '--quick',
      '先问日志在哪，只读那些 · ask the claim log where to look and read only that (CLAIM_LOG_TOKEN)',
      false,
    )
    .action(async (flags: Flags) => {
      const asked = askedOf(flags);
      const { source, system } = await openSource(terminal.env, flags.recording);
      const log = flags.quick ? logAddress(terminal.env, true, system) : undefined;
      const onFallBack = (why: string) => terminal.err(`${why}\n改为通读 reading the topics through instead\n`);
      try {
        const found = await explanation({ source, log, onRead: progress(terminal.err), onFallBack }, asked);
        show(terminal, flags.json, found, () => explanationText(found));
      } finally {
        await source.close();
      }
    });

function askedOf({ openid, code, campaign, at }: Flags): Asked {
  const more = { campaignId: campaign, atMs: at?.getTime() };
  if (openid && code === undefined) return { subject: { openid }, ...more };
  if (code === undefined || openid)
    throw new AppError('invalid', '要 --openid 或 --code 其中一个 · one of --openid and --code is needed');
  const issued = issuedCode(code);
  if (issued === undefined)
    throw new AppError('invalid', `${code}: 不是券码 is no coupon’s code: its check digit is wrong`);
  return { subject: { code: issued }, ...more };
}
