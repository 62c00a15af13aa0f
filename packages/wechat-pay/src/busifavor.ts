import { signParameters, type Parameters } from './v2/sign.ts';
import { openResource } from './v3/resource.ts';
import { AppError } from '@lingquan/errors';

/** One merchant coupon (商家券) to hand out. */
export type BusifavorIssue = { stockId: string; outRequestNo: string; couponCode?: string };

/**
 * The page where a user takes a merchant coupon (reference C.2). Signed with the APIv2 key, HMAC-SHA256, also in v3.
 * @returns an address for WeChat's browser
 */
export function busifavorPage(
  apiV2Key: string,
  { mchid, openid, issue }: { mchid: string; openid: string; issue: BusifavorIssue },
): string {
  const parameters: Record<string, string> = {
    stock_id: issue.stockId,
    out_request_no: issue.outRequestNo,
    send_coupon_merchant: mchid,
    open_id: openid,
    ...(issue.couponCode === undefined ? {} : { coupon_code: issue.couponCode }),
  };
  const query = new URLSearchParams({ ...parameters, sign: signParameters(parameters, apiV2Key, 'HMAC-SHA256') });
  return `https://action.weixin.qq.com/busifavor/getcouponinfo?${query.toString()}#wechat_pay&wechat_redirect`;
}

/** The signature for the mini program's plugin: each entry's names carry its index (reference C.2). At most 10. */
export function busifavorPluginSign(apiV2Key: string, mchid: string, issues: readonly BusifavorIssue[]): string {
  const flat = issues.flatMap(({ stockId, outRequestNo, couponCode }, index) => [
    [`stock_id${index}`, stockId],
    [`out_request_no${index}`, outRequestNo],
    ...(couponCode === undefined ? [] : [[`coupon_code${index}`, couponCode]]),
  ]);
  const parameters = Object.fromEntries([...flat, ['send_coupon_merchant', mchid]]) as Parameters;
  return signParameters(parameters, apiV2Key, 'HMAC-SHA256');
}

/**
 * The coupon's code in the query with which WeChat's card pack opens a mini program (reference C.2): the APIv3 key opens it.
 * @throws AppError `invalid` without its parameters, `unauthorized` when it does not open
 */
export function openJumpCode(apiV3Key: string | Buffer, query: string): string {
  const parameters = new URLSearchParams(query);
  const [associate, nonce, ciphertext] = ['associate', 'nonce', 'ciphertext'].map((name) => parameters.get(name));
  if (!associate || !nonce || !ciphertext) throw new AppError('invalid', 'Not a jump from the card pack');
  return openResource(apiV3Key, { ciphertext, nonce, associated_data: associate });
}
