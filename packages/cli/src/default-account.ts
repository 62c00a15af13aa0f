import { existsSync, readFileSync } from 'node:fs';
import type { Env } from '@lingquan/config';
import { AppError } from '@lingquan/errors';
import { layoutOf } from '@lingquan/local-stack/layout.ts';

/** The default account's variables: the environment's, else those generated for trying the system out. */
export function accountEnv(env: Env): Env {
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
