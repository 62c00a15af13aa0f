import { newAccessToken } from './ids.ts';
import type { CodeGrant } from './one-time-codes.ts';

/** What web authorization has handed out: tokens for one person, unrelated to the account's own. */
export interface WebSession extends CodeGrant {
  readonly refreshToken: string;
}

export interface WebSessions {
  /** A new session with its first token. */
  begin(grant: CodeGrant, now: number): { session: WebSession; token: string };
  byToken(token: string, now: number): WebSession | 'expired' | undefined;
  /** The session and a token that is good for two hours again, or why not. */
  refresh(refreshToken: string, now: number): { session: WebSession; token: string } | 'expired' | undefined;
}

export const webTokenSeconds = 7_200;
const refreshTokenMs = 30 * 86_400_000;
const rememberedMax = 10_000;

function forget(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= rememberedMax) return;
    map.delete(oldest);
  }
}

export function createWebSessions(): WebSessions {
  const tokens = new Map<string, { session: WebSession; expiresAt: number }>();
  const refreshes = new Map<string, { session: WebSession; expiresAt: number }>();

  function addToken(session: WebSession, now: number): string {
    const token = newAccessToken();
    tokens.set(token, { session, expiresAt: now + webTokenSeconds * 1000 });
    forget(tokens);
    return token;
  }

  return {
    begin(grant, now) {
      const session = { ...grant, refreshToken: newAccessToken() };
      refreshes.set(session.refreshToken, { session, expiresAt: now + refreshTokenMs });
      forget(refreshes);
      return { session, token: addToken(session, now) };
    },
    byToken(token, now) {
      const found = tokens.get(token);
      if (found === undefined) return undefined;
      return now < found.expiresAt ? found.session : 'expired';
    },
    refresh(refreshToken, now) {
      const found = refreshes.get(refreshToken);
      if (found === undefined) return undefined;
      return now < found.expiresAt ? { session: found.session, token: addToken(found.session, now) } : 'expired';
    },
  };
}
