import type { KeyObject } from 'node:crypto';
import { signRsa } from './rsa.ts';

/** What wx.requestPayment and WeixinJSBridge take; a mini program leaves appId away. */
export type ClientParameters = {
  appId: string;
  /** Seconds, as text. */
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
};

type Prepaid = { appid: string; prepayId: string; timestamp: number | string; nonce: string };

/** The client's parameters for JSAPI and mini programs, signed with the key that signed the prepay request (reference B.8). */
export function clientParameters(privateKey: KeyObject, prepaid: Prepaid): ClientParameters {
  const timeStamp = String(prepaid.timestamp);
  const prepay = `prepay_id=${prepaid.prepayId}`;
  return {
    appId: prepaid.appid,
    timeStamp,
    nonceStr: prepaid.nonce,
    package: prepay,
    signType: 'RSA',
    paySign: signRsa(privateKey, clientMessage(prepaid, prepay)),
  };
}

/** The client's parameters for an app: the message holds the bare prepay id (reference B.8). */
export function appParameters(privateKey: KeyObject, prepaid: Prepaid & { mchid: string }) {
  return {
    appid: prepaid.appid,
    partnerid: prepaid.mchid,
    prepayid: prepaid.prepayId,
    package: 'Sign=WXPay',
    noncestr: prepaid.nonce,
    timestamp: String(prepaid.timestamp),
    sign: signRsa(privateKey, clientMessage(prepaid, prepaid.prepayId)),
  };
}

/** Four lines, each with its line feed; the platform's side verifies the same. */
export const clientMessage = ({ appid, timestamp, nonce }: Omit<Prepaid, 'prepayId'>, prepay: string): string =>
  `${appid}\n${timestamp}\n${nonce}\n${prepay}\n`;
