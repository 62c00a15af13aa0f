import {
  bytesMax,
  clientParameters,
  fitText,
  readRefund,
  readTransaction,
  textIn,
  toRfc3339,
} from '@lingquan/wechat-pay';
import type { Addresses } from '../addresses.ts';
import type { Caller } from '../families.ts';
import type { PayCalls } from '../port.ts';
import { orValue, readOutcome } from '../read.ts';
import type { Transport } from '../transport.ts';
import { fetchBill } from './bill.ts';
import { callV3, type V3Deps, type V3Request } from './call.ts';
import type { PlatformKeys } from './platform-keys.ts';

export type V3CallsDeps = V3Deps & { keys: PlatformKeys; files: Transport; call: Caller; places: Addresses };

/** The calls by API v3 (reference B.7 to B.12). */
export function v3Calls(deps: V3CallsDeps): PayCalls {
  const { merchant, call, places } = deps;
  const { mchid } = merchant;
  const ask = (request: V3Request) => call(request.operation, places, (origin) => callV3(deps, origin, request));
  const orderPath = (outTradeNo: string) => `/v3/pay/transactions/out-trade-no/${encodeURIComponent(outTradeNo)}`;
  return {
    prepay: async (order) => {
      const body = JSON.stringify({
        appid: order.appid,
        mchid,
        description: fitText(order.description, bytesMax.description),
        out_trade_no: order.outTradeNo,
        time_expire: toRfc3339(order.payUntilMs),
        notify_url: order.notifyUrl,
        amount: { total: order.totalFen, currency: 'CNY' },
        payer: { openid: order.openid },
      });
      const path = '/v3/pay/transactions/jsapi';
      const answer = await ask({ operation: 'prepay', method: 'POST', path, body, secrets: [order.openid] });
      return readOutcome(answer, (json) => {
        const prepayId = textIn(json, 'prepay_id');
        return prepayId === '' ? undefined : { prepayId };
      });
    },
    clientParameters: (appid, prepayId, nowSeconds, nonce) =>
      clientParameters(merchant.privateKey, { appid, prepayId, timestamp: nowSeconds, nonce }),
    query: async (outTradeNo) => {
      const path = `${orderPath(outTradeNo)}?mchid=${mchid}`;
      const answer = readOutcome(await ask({ operation: 'query', method: 'GET', path }), (json) => {
        const transaction = readTransaction(json);
        const isOurs = transaction.outTradeNo === outTradeNo && transaction.mchid === mchid;
        return isOurs && transaction.tradeState !== '' ? transaction : undefined;
      });
      return orValue(answer, { not_there: 'unknown_order' } as const);
    },
    close: async (outTradeNo) => {
      const path = `${orderPath(outTradeNo)}/close`;
      const body = JSON.stringify({ mchid });
      const answer = await ask({ operation: 'close', method: 'POST', path, body });
      return orValue(
        readOutcome(answer, () => 'closed' as const),
        closeAnswers,
      );
    },
    refund: async (refund) => {
      const reason = fitText(refund.reason, bytesMax.reason);
      const body = JSON.stringify({
        out_trade_no: refund.outTradeNo,
        out_refund_no: refund.outRefundNo,
        ...(reason === '' ? {} : { reason }),
        notify_url: refund.notifyUrl,
        amount: { refund: refund.refundFen, total: refund.totalFen, currency: 'CNY' },
      });
      const path = '/v3/refund/domestic/refunds';
      const answer = await ask({ operation: 'refund', method: 'POST', path, body });
      return readOutcome(answer, (json) => ourRefund(json, refund, mchid));
    },
    queryRefund: async (outRefundNo, outTradeNo) => {
      const path = `/v3/refund/domestic/refunds/${encodeURIComponent(outRefundNo)}`;
      const answer = await ask({ operation: 'query_refund', method: 'GET', path });
      const refund = readOutcome(answer, (json) => ourRefund(json, { outRefundNo, outTradeNo }, mchid));
      return orValue(refund, { not_there: 'unknown_refund' } as const);
    },
    tradeBill: async (date) =>
      orValue(await call('bill', places, (origin) => fetchBill(deps, origin, date)), billAnswers),
  };
}

/** Refusals to close that say how the order is. */
export const closeAnswers = {
  treat_as_success: 'closed',
  query_then_mark_paid: 'already_paid',
  not_there: 'unknown_order',
} as const;

/** Refusals of a bill that say how it is. */
export const billAnswers = { not_there: 'none', wait_then_retry_same_params: 'not_ready' } as const;

/** v3's answers to refunds do not name the merchant: it is whoever signed the request. */
function ourRefund(
  json: Parameters<typeof readRefund>[0],
  { outRefundNo, outTradeNo }: { outRefundNo: string; outTradeNo: string },
  mchid: string,
) {
  const refund = readRefund(json);
  const isOurs = refund.outRefundNo === outRefundNo && refund.outTradeNo === outTradeNo && refund.status !== '';
  return isOurs ? { ...refund, mchid } : undefined;
}
