/** An access token, and until when it is good. Instants are milliseconds since 1970. */
export type AccessToken = { value: string; fetchedAtMs: number; expiresAtMs: number };

/** The platform hands out the next token during the last five minutes of the old one, and both are good. */
const EARLY_S = 300;
/** An answer may say that hardly more than those five minutes are left: do not ask again at once, and for ever. */
const FLOOR_S = 60;
/** A token is not used in its last seconds: the call must still reach the platform. */
const LAST_MS = 5000;

/** The token of an answer, whose `expires_in` is what is left of it in seconds (reference 5.1). */
export const tokenFrom = (value: string, expiresInS: number, nowMs: number): AccessToken => ({
  value,
  fetchedAtMs: nowMs,
  expiresAtMs: nowMs + expiresInS * 1000,
});

/** Whether a call can be made with it. */
export const isUsable = (token: AccessToken, nowMs: number): boolean => nowMs < token.expiresAtMs - LAST_MS;

/** When the next token should be fetched: five minutes ahead of the end, but not within a minute, or half of a very short life. */
export function refreshAtMs({ fetchedAtMs, expiresAtMs }: AccessToken): number {
  const lifeS = (expiresAtMs - fetchedAtMs) / 1000;
  return fetchedAtMs + Math.max(lifeS - EARLY_S, Math.min(FLOOR_S, lifeS / 2)) * 1000;
}

/** Usable and not due to be fetched anew: nothing to do. */
export const isFresh = (token: AccessToken, nowMs: number): boolean =>
  isUsable(token, nowMs) && nowMs < refreshAtMs(token);
