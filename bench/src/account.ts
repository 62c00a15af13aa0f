import type { Account } from '@lingquan/accounts';

export type Mode = Account['mode'];

/** What services are told about the account every bench pushes to. */
export const accountEnv = (mode: Mode): Record<string, string> => ({
  WECHAT_APP_ID: account.appid,
  WECHAT_APP_SECRET: account.secret,
  WECHAT_TOKEN: account.token,
  WECHAT_ENCODING_AES_KEY: account.encodingAESKey,
  WECHAT_MODE: mode,
  COUPON_CODE_SECRET: 'be'.repeat(32),
});

const account = {
  appid: 'wx0123456789abcdef',
  originalId: 'gh_bench',
  name: 'bench',
  kind: 'official-account',
  secret: '0123456789abcdef0123456789abcdef',
  token: 'benchToken',
  encodingAESKey: 'sGP4DssSvC6q4NfmtsPTRF0VRdH4YXuyPPs9NpLMktw',
  format: 'xml',
  isDefault: true,
} as const;

export const benchAccount = (mode: Mode): Account => ({ ...account, mode });
