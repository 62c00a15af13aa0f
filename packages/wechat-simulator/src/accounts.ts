import { createHash } from 'node:crypto';
import type { Account as KnownAccount } from '@lingquan/accounts';
import { type accountFields, checkAccount } from '@lingquan/accounts/account.ts';
import type { z } from 'zod';

export type AccountKind = KnownAccount['kind'];

/** One account as the platform knows it: what its owner set up in the console, and where its pushes go. */
export type Account = Omit<KnownAccount, 'isDefault'> & {
  readonly pushUrl: string;
};

/** A stable stand-in for the id the platform would have given. */
function inventOriginalId(appid: string): string {
  return `gh_${createHash('sha256').update(appid).digest('hex').slice(0, 12)}`;
}

/** Gives an account what it has on the platform and its owner may leave away: its own id and a name. */
export function onPlatform(known: Omit<KnownAccount, 'isDefault'>, pushUrl: string): Account {
  const { originalId, appid, name, kind } = known;
  return {
    ...known,
    originalId: originalId || inventOriginalId(appid),
    name: name || (kind === 'mini-program' ? '领券小程序' : '领券公众号'),
    pushUrl,
  };
}

/** What is written about an account, as in the accounts file: appid, secret and token at the least. */
export type AccountSettings = z.input<z.ZodObject<typeof accountFields>>;

/** An account for a simulator started by hand, from a test. Throws `invalid`, naming the wrong field. */
export function account(settings: AccountSettings, pushUrl: string): Account {
  const { isDefault: _isDefault, ...checked } = checkAccount(settings, true, (field) => field);
  return onPlatform(checked, pushUrl);
}
