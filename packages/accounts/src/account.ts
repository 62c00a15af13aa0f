import { AppError } from '@lingquan/errors';
import type { Account as WechatAccount } from '@lingquan/wechat';
import { z } from 'zod';

/** One account of the platform, as its owner set it up in the console. Holds secrets: never log it whole. */
export type Account = Readonly<WechatAccount> & {
  /** Empty when not given; for people, never compared. */
  readonly originalId: string;
  readonly name: string;
  /** Whether this is the account of `WECHAT_APP_ID`, served at `/wx`. At most one is. */
  readonly isDefault: boolean;
};

const encodingAESKey = z.string().regex(/^[A-Za-z0-9]{43}$/, 'must be 43 letters and digits');

/** The pieces an account is made of, with the platform's own rules about them. */
export const accountFields = {
  appid: z.string().regex(/^[A-Za-z0-9_-]{3,64}$/, 'must be 3 to 64 letters and digits, such as wx0123456789abcdef'),
  originalId: z.string().max(64).default(''),
  name: z.string().max(128).default(''),
  kind: z.enum(['official-account', 'mini-program']).default('official-account'),
  secret: z.string().regex(/^\S{1,256}$/, 'must not be empty or hold blanks'),
  // The console takes letters and digits; _ and - do no harm and occur in stand-ins for the platform.
  token: z.string().regex(/^[A-Za-z0-9_-]{3,32}$/, 'must be 3 to 32 letters and digits'),
  encodingAESKey: encodingAESKey.optional(),
  previousEncodingAESKey: encodingAESKey.optional(),
  /** Without it: safe when there is a key, else plaintext. */
  mode: z.enum(['plaintext', 'compatible', 'safe']).optional(),
  format: z.enum(['xml', 'json']).default('xml'),
};

const accountShape = z.strictObject(accountFields);

/**
 * Checks one account. `nameOf` says how a person calls a field (a variable of the environment, a field of the file).
 * Throws `invalid` with one line per wrong field; values are not shown.
 */
export function checkAccount(given: unknown, isDefault: boolean, nameOf: (field: string) => string): Account {
  const parsed = accountShape.safeParse(given);
  if (!parsed.success)
    throw wrong(
      parsed.error.issues.flatMap((issue) =>
        // An unknown field is named: it is most often a misspelt one.
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((field) => `${nameOf(field)}: there is no such field`)
          : [`${issue.path.length === 0 ? 'account' : nameOf(issue.path.join('.'))}: ${sayMissing(issue)}`],
      ),
    );
  const account = parsed.data;
  const mode = account.mode ?? (account.encodingAESKey === undefined ? 'plaintext' : 'safe');
  if (mode !== 'plaintext' && account.encodingAESKey === undefined)
    throw wrong([`${nameOf('encodingAESKey')}: is needed in ${mode} mode`]);
  if (account.format === 'json' && account.kind !== 'mini-program')
    throw wrong([`${nameOf('format')}: only a mini program may have its pushes in JSON`]);
  return Object.freeze({ ...account, mode, isDefault });
}

const sayMissing = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined')
    ? 'is missing'
    : issue.message;

const wrong = (lines: string[]) =>
  new AppError(
    'invalid',
    `These account settings are missing or wrong:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );
