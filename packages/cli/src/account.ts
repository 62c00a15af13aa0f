import { existsSync, readFileSync } from 'node:fs';
import { readAccounts } from '@lingquan/accounts';
import type { Account } from '@lingquan/accounts';
import type { Env } from '@lingquan/config';
import { AppError } from '@lingquan/errors';
import { layoutOf } from '@lingquan/local-stack/layout.ts';

/** The accounts' variables: the environment's, else those generated for trying the system out. */
function accountEnv(env: Env): Env {
  const { secretsFile } = layoutOf(env['LOCAL_DIR']);
  const generated = existsSync(secretsFile) ? (JSON.parse(readFileSync(secretsFile, 'utf8')) as Env) : {};
  return { ...generated, ...Object.fromEntries(Object.entries(env).filter(([, value]) => value)) };
}

/** The appid a command means when none is given. Throws `invalid` when nobody says which. */
export function defaultAppid(env: Env): string {
  const appid = accountEnv(env)['WECHAT_APP_ID'];
  if (appid) return appid;
  throw new AppError(
    'invalid',
    '缺少 --appid（或环境变量 WECHAT_APP_ID）· say which account: --appid or WECHAT_APP_ID',
  );
}

/** An account with what its pushes are signed with: `appid`'s, else the default one. Throws `invalid` when it is not known. */
export function accountOf(env: Env, appid: string | undefined): Account {
  const accounts = readAccounts(accountEnv(env));
  const found = accounts.find((account) => (appid === undefined ? account.isDefault : account.appid === appid));
  if (found !== undefined) return found;
  const known = accounts.map((account) => account.appid).join(', ');
  throw new AppError(
    'invalid',
    `账号未配置 this account is not configured: ${appid ?? 'WECHAT_APP_ID'}（已有 known: ${known}）`,
  );
}
