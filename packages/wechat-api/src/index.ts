export { connectWechatApi } from './client.ts';
export type { WechatApi, WechatApiOptions } from './client.ts';
export type { ApiFailure, ApiOutcome, FailureKind } from './outcome.ts';
