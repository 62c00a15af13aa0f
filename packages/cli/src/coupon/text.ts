import { maskOpenid } from '@lingquan/log';
import { rulesText, worth } from '../campaign/table.ts';
import type { Coupon } from '../campaign/issuer.ts';

const states: Readonly<Record<string, string>> = {
  issued: '可用 usable',
  locked: '锁定 locked',
  redeemed: '已核销 redeemed',
  expired: '已过期 expired',
  revoked: '已作废 revoked',
};

/** A coupon as a person reads it; its owner masked. */
export function couponText(coupon: Coupon): string {
  const { code, campaignName, campaignId, state, lockedBy, lockedUntil, redeemedAt, redeemedBy, expiresAt } = coupon;
  const by =
    redeemedBy == null
      ? ''
      : 'outTradeNo' in redeemedBy
        ? `订单 order ${redeemedBy.outTradeNo}`
        : `门店 shop ${redeemedBy.shop}，收银 cashier ${redeemedBy.cashier}`;
  const rules = rulesText(coupon.rules);
  return [
    `${code}  ${states[state] ?? state}`,
    `  活动 campaign   ${campaignName} (${campaignId})`,
    `  优惠 worth      ${worth(coupon)}`,
    ...(rules === '' ? [] : [`  规则 rules      ${rules}`]),
    `  持有 owner      ${coupon.appid} ${maskOpenid(coupon.openid)}`,
    `  领取 claimed    ${coupon.claimedAt}`,
    `  有效 valid      ${coupon.validFrom ?? ''}～${expiresAt ?? ''}`,
    ...(state === 'locked' ? [`  锁定 locked     订单 order ${lockedBy ?? ''}，到 until ${lockedUntil ?? ''}`] : []),
    ...(state === 'redeemed' ? [`  核销 redeemed   ${redeemedAt ?? ''} ${by}`] : []),
  ].join('\n');
}
