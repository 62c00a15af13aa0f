import { UnusableReason } from '@lingquan/events/coupon.ts';
import type { CommandRefusal } from '../domain/command.ts';
import type { StoredAnswer } from '../store/answers.ts';
import type { CommandRow } from '../store/commands.ts';
import { reasonWord } from './views.ts';

/** What became of a command, for the operator who gave it. */

const refusals: Record<CommandRefusal, string> = {
  keyword_taken: '这个关键词已有进行中的活动 · another live campaign of this account has this keyword; pause it first',
  campaign_exists: '活动编号已存在 · this campaign id is taken',
  campaign_unknown: '没有这个活动 · there is no such campaign',
  stock_below_claimed: '库存不能少于已领取的数量 · the stock cannot be less than what is claimed already',
};

export const campaignCommandView = ({ id, campaignId, refusal }: CommandRow) =>
  refusal === undefined
    ? { commandId: id, campaignId, outcome: 'done' }
    : { commandId: id, campaignId, outcome: 'refused', reason: refusal, message: refusals[refusal] };

/** Those an operator can meet; an order or a till is told by its own answer. */
const unusable: Partial<Record<number, string>> = {
  [UnusableReason.UNKNOWN_CODE]: '没有这张券 · no coupon has this code',
  [UnusableReason.LOCKED]: '券正被一个订单占用 · an order holds this coupon',
  [UnusableReason.REDEEMED]: '券已使用 · this coupon was used',
  [UnusableReason.EXPIRED]: '券已过期 · this coupon has expired',
  [UnusableReason.REVOKED]: '券已作废 · this coupon was revoked',
};

export const couponCommandView = ({ id, code, refusal }: StoredAnswer) =>
  refusal === 0
    ? { commandId: id, code, outcome: 'done' }
    : {
        commandId: id,
        code,
        outcome: 'refused',
        reason: reasonWord(refusal),
        message: unusable[refusal] ?? '这张券不能这样使用 · this coupon cannot be used like this',
      };
