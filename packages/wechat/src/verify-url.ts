import { AppError } from '@lingquan/errors';
import type { Account, Query } from './account.ts';
import { checkQuery, parameter } from './query.ts';
import { signatureMatches } from './signature.ts';

/**
 * Checks the GET by which WeChat makes sure that the callback URL is the account's, in every mode with the plain signature
 * (reference section 1).
 * @returns the `echostr` to answer with, byte for byte, as text/plain
 * @throws AppError `unauthorized` when it is not signed with the token, `invalid` when it is no such request
 */
export function verifyUrl(account: Pick<Account, 'token'>, query: Query): string {
  checkQuery(query);
  const [signature, timestamp, nonce] = [
    parameter(query, 'signature'),
    parameter(query, 'timestamp'),
    parameter(query, 'nonce'),
  ];
  const echostr = parameter(query, 'echostr');
  if (!signatureMatches(signature, [account.token, timestamp, nonce])) {
    throw new AppError('unauthorized', 'The signature does not match: is the token the one in the console?');
  }
  // The signature does not cover echostr: give back nothing a browser could take for a page.
  if (!/^[!-;=-~]+$/.test(echostr)) throw new AppError('invalid', 'echostr is missing or not what WeChat sends');
  return echostr;
}
