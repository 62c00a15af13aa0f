export { connectWechatPay } from './client.ts';
export type { WechatPayOptions } from './client.ts';
export type { PayFailure, PayOutcome } from './outcome.ts';
export type { PayCalls, PrepayOrder, RefundOrder, WechatPay } from './port.ts';
