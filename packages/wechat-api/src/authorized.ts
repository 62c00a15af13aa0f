import type { ApiFailure, ApiOutcome } from './outcome.ts';
import type { AccessTokens } from './tokens.ts';

/** Makes a call with the account's token; when the platform refuses that token, once more with a newer one. */
export async function authorized<T>(
  tokens: AccessTokens,
  appid: string,
  call: (token: string) => Promise<ApiOutcome<T>>,
): Promise<ApiOutcome<T>> {
  const token = await tokens.get(appid);
  if (token.kind === 'failed') return withoutToken(token);
  const outcome = await call(token.value);
  if (outcome.kind === 'ok' || outcome.failure !== 'token_invalid') return outcome;
  const newer = await tokens.replace(appid, token.value);
  return newer.kind === 'failed' ? withoutToken(newer) : call(newer.value);
}

/** Whatever kept the token away, the call itself was not made and can be made later. */
export const withoutToken = ({ failure, detail, ...rest }: ApiFailure): ApiFailure => ({
  ...rest,
  failure: 'no_token',
  detail: `${failure}: ${detail}`,
});
