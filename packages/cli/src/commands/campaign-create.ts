import { Option } from 'commander';
import type { Command } from 'commander';
import { newCampaignId } from '../campaign/ids.ts';
import { sendCommand } from '../campaign/send-command.ts';
import { kinds, matches, termsOf } from '../campaign/terms.ts';
import type { CampaignFlags } from '../campaign/terms.ts';
import { defaultAppid } from '../account.ts';
import { leaf } from '../leaf.ts';
import { instant, wholeNumber } from '../numbers.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = Omit<CampaignFlags, 'appid'> & { appid?: string; json: boolean };

/** `campaign create`: returns when the campaign can be claimed. */
export const campaignCreate = (terminal: Terminal): Command =>
  leaf({
    usage: 'create',
    description: '新建活动，返回时已可领取 · make a campaign; it can be claimed when this returns',
    examples: [
      'lingquan campaign create --keyword 优惠券 --name 满减 --kind threshold --value-fen 500 --threshold-fen 3000 --stock 1000',
      'lingquan campaign create --keyword 八折 --name 八折券 --kind percent --value-fen 20 --stock 50 --limit 2 --json',
    ],
  })
    .option('--appid <appid>', '账号，默认为 WECHAT_APP_ID · the account, WECHAT_APP_ID by default')
    .requiredOption('--keyword <text>', '关键词 · what a follower sends')
    .requiredOption('--name <text>', '名称 · what the coupon is called')
    .addOption(choice('--kind <kind>', '优惠类型 · what it is worth', kinds).makeOptionMandatory())
    .requiredOption(
      '--value-fen <n>',
      '减多少分；percent 为百分比，gift 为价格 · fen off; percentage; price of the gift',
      wholeNumber(0),
    )
    .option(
      '--threshold-fen <n>',
      '满多少分可用，默认为面值 · smallest order in fen, for threshold (default: the value)',
      wholeNumber(1),
    )
    .requiredOption('--stock <n>', '库存 · coupons in all', wholeNumber(0))
    .option('--limit <n>', '每人限领 · coupons one follower may own', wholeNumber(1, 1_000_000), 1)
    .addOption(choice('--match <how>', '关键词怎样匹配 · how the keyword is compared', matches).default('exact'))
    .option('--opens-at <instant>', '开始时刻 · first instant, 2027-01-20T10:00:00+08:00', instant)
    .option('--closes-at <instant>', '结束时刻（不含）· first instant after it', instant)
    .action(async ({ json, ...flags }: Flags) => {
      const terms = termsOf({ ...flags, appid: flags.appid ?? defaultAppid(terminal.env) });
      const campaignId = newCampaignId();
      await sendCommand(findSystem(terminal.env), campaignId, {
        case: 'createCampaign',
        value: { campaignId, terms },
      });
      const { appid, keyword, name } = terms;
      show(
        terminal,
        json,
        { campaignId, appid, keyword, name },
        () =>
          `✓ 活动已上线 the campaign is live: ${campaignId}\n  ${name}，关键词 keyword「${keyword}」，库存 stock ${flags.stock}，每人限领 limit ${flags.limit}`,
      );
    });

const choice = (flags: string, description: string, values: object): Option =>
  new Option(flags, description).choices(Object.keys(values));
