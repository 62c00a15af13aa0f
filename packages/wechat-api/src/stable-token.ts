import type { Json } from './call.ts';
import type { Family } from './family.ts';
import { failed } from './outcome.ts';
import type { ApiOutcome } from './outcome.ts';
import { tokenFrom } from './token-rules.ts';
import type { AccessToken } from './token-rules.ts';
import type { TokenOwner } from './token-store.ts';

/**
 * `POST /cgi-bin/stable_token`: the account's current token, or its successor in the last five minutes. Never forced: that is for
 * leaks, 20 a day (reference 5.1). Here 40001 means a wrong secret.
 */
export async function fetchStableToken(
  family: Family,
  { appid, secret }: TokenOwner,
): Promise<ApiOutcome<AccessToken>> {
  const outcome = await family.call({
    method: 'POST',
    path: '/cgi-bin/stable_token',
    body: { grant_type: 'client_credential', appid, secret, force_refresh: false },
    secrets: [secret],
  });
  if (outcome.kind === 'ok') return readToken(outcome.value, Date.now());
  return outcome.failure === 'token_invalid' ? { ...outcome, failure: 'config' } : outcome;
}

/** The platform says to keep room for 512 characters. */
const TOKEN_MAX = 2048;

export function readToken({ access_token: value, expires_in: lifeS }: Json, nowMs: number): ApiOutcome<AccessToken> {
  if (typeof value !== 'string' || value === '' || value.length > TOKEN_MAX || typeof lifeS !== 'number' || lifeS <= 0)
    return failed('uncertain', 'the answer holds no access token');
  return { kind: 'ok', value: tokenFrom(value, lifeS, nowMs) };
}
