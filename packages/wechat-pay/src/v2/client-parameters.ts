import type { ClientParameters } from '../v3/client-parameters.ts';
import { signParameters, type SignType } from './sign.ts';

type Prepaid = { appid: string; prepayId: string; timestamp: number | string; nonce: string };

/** The client's parameters for JSAPI and mini programs; the same algorithm as the unified order's (reference A.5). */
export function clientParametersV2(prepaid: Prepaid, apiV2Key: string, signType: SignType): ClientParameters {
  const parameters = {
    appId: prepaid.appid,
    timeStamp: String(prepaid.timestamp),
    nonceStr: prepaid.nonce,
    package: `prepay_id=${prepaid.prepayId}`,
    signType,
  };
  return { ...parameters, paySign: signParameters(parameters, apiV2Key, signType) };
}

/** The client's parameters for an app (reference A.5). */
export function appParametersV2(prepaid: Prepaid & { mchid: string }, apiV2Key: string, signType: SignType) {
  const parameters = {
    appid: prepaid.appid,
    partnerid: prepaid.mchid,
    prepayid: prepaid.prepayId,
    package: 'Sign=WXPay',
    noncestr: prepaid.nonce,
    timestamp: String(prepaid.timestamp),
  };
  return { ...parameters, sign: signParameters(parameters, apiV2Key, signType) };
}
