import { rm } from 'node:fs/promises';
import { AppError } from '@lingquan/errors';
import { topics } from '@lingquan/events';
import { openRecording } from '@lingquan/recording';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { openLinesFile } from '../lines-file.ts';
import { instant, wholeNumber } from '../numbers.ts';
import { codeSecret } from '../replay/code-secret.ts';
import { runExact } from '../replay/exact.ts';
import { systemName } from '../replay/isolated.ts';
import type { OtherTerms } from '../replay/issuer-program.ts';
import { leftOutText, undecidedCauses } from '../replay/undecided.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { compareClaims } from '../what-if/claims.ts';
import { whatIfText } from '../what-if/report.ts';

type Flags = {
  campaign: string;
  stock?: number;
  limit?: number;
  from?: Date;
  to?: Date;
  followers?: string;
  fromMiddle: boolean;
  system: string;
  json: boolean;
};

/** `what-if`: who would have got what, had a campaign been defined otherwise. */
export const whatIf = (terminal: Terminal): Command =>
  leaf({
    usage: 'what-if <file>',
    description:
      '假如：活动换一种设定，谁会领到、花费多少 · what if: had a campaign been defined otherwise, who would have got what, and the cost',
    examples: [
      'lingquan what-if friday.lqrec --campaign ID --stock 5000 --followers changed.csv',
      'lingquan what-if friday.lqrec --campaign ID --limit 2 --from 2027-01-22T10:00:00+08:00 --to 2027-01-22T12:00:00+08:00',
    ],
  })
    .requiredOption('--campaign <id>', '活动 · the campaign')
    .option(
      '--stock <n>',
      '全程的总量，后来的增减不算 · its stock for the whole time; later changes are left out',
      wholeNumber(0),
    )
    .option('--limit <n>', '每人限领 · how many a follower may have', wholeNumber(1))
    .option('--from <instant>', '从此刻起可领 · it opens', instant)
    .option('--to <instant>', '到此刻为止 · it closes', instant)
    .option('--followers <file>', '得失的粉丝写入文件 · write who gained and who lost to a file')
    .option(
      '--from-middle',
      '录制不是从头开始的也判定：之前的活动和领取无从知道 · decide also what does not begin at the beginning: earlier campaigns and claims are unknown',
      false,
    )
    .option('--system <name>', '隔离系统的名字 · the isolated system', systemName, 'what-if')
    .action((file: string, flags: Flags) => act(terminal, file, flags));

async function act(terminal: Terminal, file: string, flags: Flags): Promise<void> {
  const other: OtherTerms = {
    ...(flags.stock === undefined ? {} : { stock: flags.stock }),
    ...(flags.limit === undefined ? {} : { limitPerUser: flags.limit }),
    ...(flags.from === undefined ? {} : { opensAtMs: flags.from.getTime() }),
    ...(flags.to === undefined ? {} : { closesAtMs: flags.to.getTime() }),
  };
  if (Object.keys(other).length === 0)
    throw new AppError('invalid', '要改什么？ say what is to be otherwise: --stock, --limit, --from, --to');
  await requireEvents(file);
  const followersFile = flags.followers === undefined ? undefined : await openLinesFile(flags.followers, '--followers');
  const { postgresUrl } = findSystem(terminal.env);
  const outcomeFile = `${file}.what-if-${flags.system}`;
  const { fromMiddle } = flags;
  const job = { postgresUrl, codeSecret: codeSecret(terminal.env), file, outcomeFile, fromMiddle };
  const otherCampaigns = { [flags.campaign]: other };
  await runExact(terminal, { ...job, otherCampaigns, system: flags.system, keep: false }, async (report) => {
    await using recorded = await openRecording(file);
    await using outcome = await openRecording(outcomeFile);
    const undecided = await undecidedCauses(recorded, report);
    const result = await compareClaims(recorded, outcome, {
      campaignId: flags.campaign,
      undecided,
      followersFile,
    });
    await followersFile?.close();
    show(terminal, flags.json, { campaignId: flags.campaign, instead: other, ...result }, () =>
      whatIfText(result, flags.followers),
    );
    if (!flags.json) terminal.out(leftOutText(result.undecidedLeftOut));
  });
  await rm(outcomeFile, { force: true });
}

/** What happened is read from the recorded events. */
async function requireEvents(file: string): Promise<void> {
  await using recorded = await openRecording(file);
  if (recorded.partitions.some(({ topic }) => topic === topics.couponEvents.name)) return;
  throw new AppError('invalid', `${file} 里没有 coupon.events，无可比较 has no coupon.events to compare with`);
}
