import {
  bytesMax,
  clientParametersV2,
  fitText,
  readRefundsV2,
  readRefundV2,
  readTransactionV2,
  toCompact,
} from '@lingquan/wechat-pay';
import type { Addresses } from '../addresses.ts';
import type { Caller } from '../families.ts';
import type { PayCalls } from '../port.ts';
import { orValue, readOutcome } from '../read.ts';
import type { Transport } from '../transport.ts';
import { billAnswers, closeAnswers } from '../v3/calls.ts';
import { fetchBillV2 } from './bill.ts';
import { callV2, type V2Deps, type V2Request } from './call.ts';

export type V2CallsDeps = V2Deps & {
  call: Caller;
  places: Addresses;
  /** Refunds go over mutual TLS, to addresses of their own. */
  mutual: { transport: Transport; places: Addresses };
  files: Transport;
};

/** Orders come from a server on behalf of a mini program, which does not tell the payer's address (reference A.4 demands one). */
const CREATE_IP = '127.0.0.1';

/** The calls by API v2 (reference A.4 to A.10). */
export function v2Calls(deps: V2CallsDeps): PayCalls {
  const { merchant, call, places, mutual } = deps;
  const ask = (request: V2Request) => call(request.operation, places, (origin) => callV2(deps, origin, request));
  const askMutually = (request: V2Request) =>
    call(request.operation, mutual.places, (origin) => callV2({ ...deps, ...mutual }, origin, request));
  return {
    prepay: async (order) => {
      const answer = await ask({
        operation: 'prepay',
        path: '/pay/unifiedorder',
        appid: order.appid,
        secrets: [order.openid],
        parameters: {
          body: fitText(order.description, bytesMax.description),
          out_trade_no: order.outTradeNo,
          fee_type: 'CNY',
          total_fee: order.totalFen,
          spbill_create_ip: CREATE_IP,
          time_expire: toCompact(order.payUntilMs),
          notify_url: order.notifyUrl,
          trade_type: 'JSAPI',
          openid: order.openid,
        },
      });
      return readOutcome(answer, ({ prepay_id: prepayId }) => (prepayId ? { prepayId } : undefined));
    },
    clientParameters: (appid, prepayId, nowSeconds, nonce) =>
      clientParametersV2({ appid, prepayId, timestamp: nowSeconds, nonce }, merchant.apiV2Key ?? '', merchant.v2Sign),
    query: async (outTradeNo) => {
      const parameters = { out_trade_no: outTradeNo };
      const answer = await ask({ operation: 'query', path: '/pay/orderquery', parameters, outTradeNo });
      const transaction = readOutcome(answer, (fields) =>
        fields['trade_state'] === undefined ? undefined : { ...readTransactionV2(fields), outTradeNo },
      );
      return orValue(transaction, { not_there: 'unknown_order' } as const);
    },
    close: async (outTradeNo) => {
      const parameters = { out_trade_no: outTradeNo };
      const answer = await ask({ operation: 'close', path: '/pay/closeorder', parameters, outTradeNo });
      return orValue(
        readOutcome(answer, () => 'closed' as const),
        closeAnswers,
      );
    },
    refund: async (refund) => {
      const { outTradeNo, outRefundNo } = refund;
      const answer = await askMutually({
        operation: 'refund',
        path: '/secapi/pay/refund',
        outTradeNo,
        parameters: {
          out_trade_no: outTradeNo,
          out_refund_no: outRefundNo,
          total_fee: refund.totalFen,
          refund_fee: refund.refundFen,
          refund_desc: fitText(refund.reason, bytesMax.reason),
          notify_url: refund.notifyUrl,
        },
      });
      return readOutcome(answer, (fields) => {
        const accepted = readRefundV2(fields);
        return accepted.outRefundNo === outRefundNo ? accepted : undefined;
      });
    },
    queryRefund: async (outRefundNo, outTradeNo) => {
      const parameters = { out_refund_no: outRefundNo };
      const answer = await ask({ operation: 'query_refund', path: '/pay/refundquery', parameters, outTradeNo });
      const refund = readOutcome(answer, (fields) =>
        readRefundsV2(fields).find((found) => found.outRefundNo === outRefundNo),
      );
      return orValue(refund, { not_there: 'unknown_refund' } as const);
    },
    tradeBill: async (date) => {
      const fetching = { ...deps, transport: deps.files };
      return orValue(await call('bill', places, (origin) => fetchBillV2(fetching, origin, date)), billAnswers);
    },
  };
}
