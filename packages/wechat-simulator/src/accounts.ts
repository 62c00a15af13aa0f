import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';

export type AccountKind = 'official-account' | 'mini-program';

/** One account as its owner sees it in the platform's console, and the address its pushes go to. */
export interface Account {
  readonly appid: string;
  /** The account's own id in pushes (`gh_…`), their ToUserName. */
  readonly originalId: string;
  readonly name: string;
  readonly kind: AccountKind;
  readonly secret: string;
  readonly token: string;
  /** 43 characters; needed in compatible and safe mode. */
  readonly encodingAESKey: string | undefined;
  readonly mode: 'plaintext' | 'compatible' | 'safe';
  /** JSON is for mini programs alone. */
  readonly format: 'xml' | 'json';
  readonly pushUrl: string;
}

const encodingAESKey = z.string().regex(/^[A-Za-z0-9+/]{43}$/, 'must be 43 letters and digits');

const accountShape = z.object({
  appid: z.string().min(1),
  originalId: z.string().optional(),
  name: z.string().optional(),
  kind: z.enum(['official-account', 'mini-program']).default('official-account'),
  secret: z.string().min(1),
  token: z.string().min(1),
  encodingAESKey: encodingAESKey.optional(),
  mode: z.enum(['plaintext', 'compatible', 'safe']).optional(),
  format: z.enum(['xml', 'json']).default('xml'),
});

/** What a person writes about an account, in the environment or in the accounts file. */
export type AccountSettings = z.input<typeof accountShape>;

/** A stable stand-in for the id the platform would have given. */
function inventOriginalId(appid: string): string {
  return `gh_${createHash('sha256').update(appid).digest('hex').slice(0, 12)}`;
}

/** Checks one account and fills in what may be left out. Throws `invalid`, naming the account and the field, never a value. */
export function account(settings: unknown, pushUrl: string): Account {
  const parsed = accountShape.safeParse(settings);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new AppError('invalid', `An account of the simulator is wrong: ${wrong}`);
  }
  const given = parsed.data;
  const mode = given.mode ?? (given.encodingAESKey === undefined ? 'plaintext' : 'safe');
  if (mode !== 'plaintext' && given.encodingAESKey === undefined) {
    throw new AppError('invalid', `Account ${given.appid}: ${mode} mode needs an EncodingAESKey`);
  }
  if (given.format === 'json' && given.kind !== 'mini-program') {
    throw new AppError('invalid', `Account ${given.appid}: only a mini program may have its pushes in JSON`);
  }
  return {
    ...given,
    originalId: given.originalId ?? inventOriginalId(given.appid),
    name: given.name ?? (given.kind === 'mini-program' ? '领券小程序' : '领券公众号'),
    encodingAESKey: given.encodingAESKey,
    mode,
    pushUrl,
  };
}

/** The accounts of WECHAT_ACCOUNTS_FILE, each pushed to `{pushUrl}/{appid}`. Throws `invalid` when the file cannot be used. */
export function readAccountsFile(path: string, pushUrl: string): Account[] {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AppError('invalid', `WECHAT_ACCOUNTS_FILE: ${path} cannot be read as JSON`, { cause });
  }
  if (!Array.isArray(list)) throw new AppError('invalid', `WECHAT_ACCOUNTS_FILE: ${path} must hold a list of accounts`);
  return list.map((entry: unknown) => {
    const appid = (entry as { appid?: unknown } | null)?.appid;
    return account(entry, `${pushUrl}/${typeof appid === 'string' ? encodeURIComponent(appid) : ''}`);
  });
}
