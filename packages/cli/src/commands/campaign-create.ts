import { Option } from 'commander';
import type { Command } from 'commander';
import { newCampaignId } from '../campaign/ids.ts';
import { sendCommand } from '../campaign/send-command.ts';
import { countMax, kinds, matches, termsOf } from '../campaign/terms.ts';
import type { CampaignFlags } from '../campaign/terms.ts';
import type { RuleFlags } from '../campaign/rules.ts';
import { defaultAppid } from '../account.ts';
import { leaf } from '../leaf.ts';
import { instant, wholeNumber } from '../numbers.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = Omit<CampaignFlags, 'appid' | 'rules'> & RuleFlags & { appid?: string; json: boolean };

/** `campaign create`: returns when the campaign can be claimed. */
export const campaignCreate = (terminal: Terminal): Command =>
  leaf({
    usage: 'create',
    description: '新建活动，返回时已可领取 · make a campaign; it can be claimed when this returns',
    examples: [
      'lingquan campaign create --keyword 优惠券 --name 满减 --kind threshold --value-fen 500 --threshold-fen 3000 --stock 1000',
      'lingquan campaign create --keyword 八折 --name 八折券 --kind percent --value-fen 20 --cap-fen 1000 --stock 50 --limit 2 --json',
      'lingquan campaign create --keyword 午市 --name 午市券 --kind amount --value-fen 800 --threshold-fen 3000 --stock 200 --valid-days 7 --weekdays 1,2,3,4,5 --hours 11:00-14:00 --categories coffee,bakery',
    ],
  })
    .option('--appid <appid>', '账号，默认为 WECHAT_APP_ID · the account, WECHAT_APP_ID by default')
    .requiredOption('--keyword <text>', '关键词 · what a follower sends')
    .requiredOption('--name <text>', '名称 · what the coupon is called')
    .addOption(choice('--kind <kind>', '优惠类型 · what it is worth', kinds).makeOptionMandatory())
    .requiredOption(
      '--value-fen <n>',
      '减多少分；percent 为百分比，gift 为价格 · fen off; percentage; price of the gift',
      wholeNumber(0, countMax),
    )
    .option(
      '--threshold-fen <n>',
      '满多少分可用；threshold 默认为面值 · smallest order in fen (for threshold by default the value)',
      wholeNumber(1, countMax),
    )
    .option('--cap-fen <n>', 'percent 最多减多少分 · most fen a percentage takes off', wholeNumber(1, countMax))
    .requiredOption('--stock <n>', '库存 · coupons in all', wholeNumber(0, countMax))
    .option('--limit <n>', '每人限领 · coupons one follower may own', wholeNumber(1, 1_000_000), 1)
    .addOption(
      choice(
        '--match <how>',
        '关键词怎样匹配；pattern 用 * 和 ? · how the keyword is compared; a pattern has * and ?',
        matches,
      ).default('exact'),
    )
    .option('--opens-at <instant>', '开始时刻 · first instant, 2027-01-20T10:00:00+08:00', instant)
    .option('--closes-at <instant>', '结束时刻（不含）· first instant after it', instant)
    .option('--valid-from <instant>', '券从何时起可用 · coupons can be used from here on', instant)
    .option('--valid-until <instant>', '券到何时为止（不含）· first instant after they could be used', instant)
    .option('--valid-days <n>', '领取后几天内可用 · days they can be used, from the claim', wholeNumber(1, 3650))
    .option('--weekdays <list>', '星期几可用，0 是星期日 · days of the week, 0 is Sunday: 1,2,3')
    .option('--hours <list>', '几点可用（北京时间）· hours of the day, Beijing time: 09:00-12:00,14:00-18:00')
    .option('--goods <list>', '限这些商品 · for these goods only (sku)')
    .option('--categories <list>', '限这些类别 · for goods of these categories only')
    .option('--shops <list>', '限这些门店 · in these shops only')
    .action(
      async ({
        json,
        validFrom,
        validUntil,
        validDays,
        weekdays,
        hours,
        goods,
        categories,
        shops,
        ...flags
      }: Flags) => {
        const rules = { validFrom, validUntil, validDays, weekdays, hours, goods, categories, shops };
        const terms = termsOf({ ...flags, rules, appid: flags.appid ?? defaultAppid(terminal.env) });
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
      },
    );

const choice = (flags: string, description: string, values: object): Option =>
  new Option(flags, description).choices(Object.keys(values));
