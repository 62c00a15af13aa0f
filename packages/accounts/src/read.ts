import { readFileSync } from 'node:fs';
import { AppError } from '@lingquan/errors';
import type { Env } from '@lingquan/config';
import { checkAccount } from './account.ts';
import type { Account } from './account.ts';

/** Which variable of the environment holds which field of the default account. */
const variables: Readonly<Record<string, string>> = {
  appid: 'WECHAT_APP_ID',
  secret: 'WECHAT_APP_SECRET',
  token: 'WECHAT_TOKEN',
  encodingAESKey: 'WECHAT_ENCODING_AES_KEY',
  previousEncodingAESKey: 'WECHAT_ENCODING_AES_KEY_PREVIOUS',
  mode: 'WECHAT_MODE',
};
const FILE = 'WECHAT_ACCOUNTS_FILE';

/**
 * Every account this system serves: first the default one of the `WECHAT_…` variables if any of them is set, then those of the JSON file
 * named by `WECHAT_ACCOUNTS_FILE`, in its order. Never empty; no appid twice. Empty variables count as absent.
 * Throws `invalid`, saying which variable or field is missing or wrong, never what it holds.
 */
export function readAccounts(env: Env): Account[] {
  const accounts = [...fromVariables(env), ...fromFile(present(env[FILE]))];
  if (accounts.length === 0)
    throw new AppError(
      'invalid',
      `There is no account to serve: set WECHAT_APP_ID, WECHAT_APP_SECRET, WECHAT_TOKEN and WECHAT_ENCODING_AES_KEY, or ${FILE} (see .env.example)`,
    );
  const appids = accounts.map(({ appid }) => appid);
  const twice = appids.find((appid, place) => appids.indexOf(appid) !== place);
  if (twice !== undefined)
    throw new AppError('invalid', `The account ${twice} is given twice (${FILE}, WECHAT_APP_ID)`);
  return accounts;
}

const present = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

function fromVariables(env: Env): Account[] {
  const given = Object.entries(variables).flatMap(([field, variable]) => {
    const value = present(env[variable]);
    return value === undefined ? [] : [[field, value] as const];
  });
  if (given.length === 0) return [];
  return [checkAccount(Object.fromEntries(given), true, (field) => variables[field] ?? field)];
}

function fromFile(path: string | undefined): Account[] {
  if (path === undefined) return [];
  const list = parsed(path);
  if (!Array.isArray(list)) throw new AppError('invalid', `${FILE}: ${path} must hold a list of accounts`);
  return list.map((entry: unknown, place) =>
    checkAccount(entry, false, (field) => `${FILE}: account ${place + 1}: ${field}`),
  );
}

function parsed(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('invalid', `${FILE}: cannot read ${path}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message shows a piece of the file, which holds secrets.
    throw new AppError('invalid', `${FILE}: ${path} is not JSON`);
  }
}
