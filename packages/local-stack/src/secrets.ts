import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { AppError } from '@lingquan/errors';
import type { Variables } from './service-environment.ts';

/** What a system needs to hold against WeChat's console, and what codes are computed with. */
const needed = ['WECHAT_APP_ID', 'WECHAT_APP_SECRET', 'WECHAT_TOKEN', 'COUPON_CODE_SECRET'] as const;

/** Those that came with later versions; 32 bytes in hex each. */
const later = ['TILL_TOKEN', 'CLAIM_LOG_MASK_KEY', 'WEBHOOK_KEY'] as const;

/** Secrets for trying the system out, in the forms the platform gives them: appid `wx` + 16 hex digits, AES key of 43 letters and digits. */
export function generateSecrets(): Record<string, string> {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return completed({
    WECHAT_APP_ID: `wx${hex(8)}`,
    WECHAT_APP_SECRET: hex(16),
    WECHAT_TOKEN: hex(12),
    WECHAT_ENCODING_AES_KEY: newEncodingAesKey(),
    WECHAT_MODE: 'safe',
    COUPON_CODE_SECRET: hex(32),
  });
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
 * processes that come first at once one has its way, and no one sees half of a file. A file of an earlier version is completed.
 */
export function keptSecrets(file: string): Record<string, string> {
  if (!existsSync(file)) writeWhole(file, generateSecrets(), linkIfFirst);
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const whole = completed(kept);
  if (Object.keys(whole).length > Object.keys(kept).length) writeWhole(file, whole, renameSync);
  return whole;
}

/**
 * What came with later versions follows from a secret that was always there: processes that complete a file at the same time all
 * write the same. HMAC, so that nothing leads back.
 */
const completed = (kept: Record<string, string>): Record<string, string> => {
  const derived = (name: string) =>
    createHmac('sha256', kept['COUPON_CODE_SECRET'] ?? '')
      .update(name)
      .digest('hex');
  return { ...Object.fromEntries(later.map((name) => [name, derived(name)])), ...kept };
};

/** Writes a file of this process's own and has `publish` make it the one of that name. */
function writeWhole(file: string, secrets: object, publish: (own: string, file: string) => void): void {
  const own = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(own, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  publish(own, file);
  rmSync(own, { force: true });
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
