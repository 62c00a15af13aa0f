import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { AppError } from '@lingquan/errors';
import type { Variables } from './service-environment.ts';

/** What a system needs to hold against WeChat's console, and what codes are computed with. */
const needed = ['WECHAT_APP_ID', 'WECHAT_APP_SECRET', 'WECHAT_TOKEN', 'COUPON_CODE_SECRET'] as const;

/** Secrets for trying the system out, in the forms the platform gives them: appid `wx` + 16 hex digits, AES key of 43 letters and digits. */
export function generateSecrets(): Record<string, string> {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return {
    WECHAT_APP_ID: `wx${hex(8)}`,
    WECHAT_APP_SECRET: hex(16),
    WECHAT_TOKEN: hex(12),
    WECHAT_ENCODING_AES_KEY: newEncodingAesKey(),
    WECHAT_MODE: 'safe',
    COUPON_CODE_SECRET: hex(32),
  };
}

/** 32 random bytes in base64 without its padding; drawn again until there are only letters and digits (one in four is so). */
function newEncodingAesKey(): string {
  for (;;) {
    const key = randomBytes(32).toString('base64').slice(0, 43);
    if (/^[A-Za-z0-9]+$/.test(key)) return key;
  }
}

/**
 * The secrets in `file`, made on first use, readable by the owner alone. They stay the same: codes depend on them. Of several
 * processes that come first at once one has its way, and no one sees half of a file.
 */
export function keptSecrets(file: string): Record<string, string> {
  if (!existsSync(file)) {
    const own = `${file}.${randomBytes(6).toString('hex')}`;
    writeFileSync(own, `${JSON.stringify(generateSecrets(), null, 2)}\n`, { mode: 0o600 });
    linkIfFirst(own, file);
    rmSync(own);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

function linkIfFirst(own: string, file: string): void {
  try {
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Throws `invalid` naming each variable a system with real accounts lacks. Accounts may also come from WECHAT_ACCOUNTS_FILE alone. */
export function requireSecrets(env: Variables): void {
  const missing: string[] = needed.filter(
    (name) => !env[name] && !(name.startsWith('WECHAT_') && onlyFileAccounts(env)),
  );
  const mode = env['WECHAT_MODE'];
  if ((mode === 'safe' || mode === 'compatible') && env['WECHAT_APP_ID'] && !env['WECHAT_ENCODING_AES_KEY'])
    missing.push(`WECHAT_ENCODING_AES_KEY（WECHAT_MODE=${mode}）`);
  if (missing.length === 0) return;
  throw new AppError(
    'invalid',
    '没有模拟器时需要真实账号的设置，缺少：\nWithout the simulator the settings of a real account are needed. Missing:\n' +
      `${missing.map((name) => `  ${name}`).join('\n')}\n` +
      '写在环境变量或 .env 里（见 .env.example）。Put them into the environment or into .env (see .env.example).',
  );
}

const onlyFileAccounts = (env: Variables): boolean => Boolean(env['WECHAT_ACCOUNTS_FILE']) && !env['WECHAT_APP_ID'];
