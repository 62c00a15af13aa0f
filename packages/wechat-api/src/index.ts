export { connectWechatApi } from './client.ts';
export type { WechatApi, WechatApiOptions } from './client.ts';
export { openLogins } from './login.ts';
export type { LoginAccount, Logins, LoginsOptions } from './login.ts';
export type { ApiFailure, ApiOutcome, FailureKind } from './outcome.ts';
