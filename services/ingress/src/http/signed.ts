import { AppError } from '@lingquan/errors';
import { signatureMatches } from '@lingquan/wechat';
import type { Account, Query } from '@lingquan/wechat';

/**
 * Refuses a request whose plain signature is wrong before its body is read, so that strangers cannot make us hold big bodies.
 * Proves nothing about the body: openPush does.
 * @throws AppError `unauthorized`
 */
export function refuseUnsigned({ token }: Pick<Account, 'token'>, { signature, timestamp, nonce }: Query): void {
  const isSigned =
    typeof signature === 'string' &&
    typeof timestamp === 'string' &&
    typeof nonce === 'string' &&
    signatureMatches(signature, [token, timestamp, nonce]);
  if (!isSigned)
    throw new AppError('unauthorized', 'the signature does not match: is the token the one in the console?');
}
