/**
 * The access tokens of one account. Times are milliseconds, given by the caller; tokens are made by the caller too.
 * Rules: "Get access token" and "Get stable access token" of the platform; reference 5.1.
 */
export interface TokenBook {
  /** GET /cgi-bin/token: every call makes a new token; the one before lives on for 5 minutes. */
  issue(now: number, makeToken: () => string): IssuedToken;
  /**
   * POST /cgi-bin/stable_token: the same token until its last 5 minutes, then a new one beside it.
   * `force` ends the old token at once; 20 a day (45009) and 30 s apart (45011).
   */
  stable(now: number, day: string, force: boolean, makeToken: () => string): IssuedToken | { errcode: 45009 | 45011 };
  /** `ok`, or the code a call with this token is answered with. The two kinds are judged alike and never end one another. */
  check(token: string, now: number): 'ok' | 40001 | 40014 | 42001;
  /** Whether this account ever gave out the token (as far back as it remembers). */
  knows(token: string): boolean;
  /** Ends a token at once, as when somebody else fetched a newer one: the next stable_token call gives another. */
  revoke(token: string): void;
}

export interface IssuedToken {
  readonly token: string;
  /** Whole seconds left. */
  readonly expiresIn: number;
}

interface Token {
  readonly token: string;
  expiresAt: number;
  /** Set when the token ended before its time. */
  replaced: boolean;
}

const lifeMs = 7_200_000;
const overlapMs = 300_000;
const forceApartMs = 30_000;
const forcesPerDay = 20;
const remembered = 200;

export function createTokenBook(): TokenBook {
  const all = new Map<string, Token>();
  let normal: Token | undefined;
  let stable: Token | undefined;
  let forces = { day: '', count: 0, lastAt: Number.NEGATIVE_INFINITY };

  function add(now: number, token: string): Token {
    const made = { token, expiresAt: now + lifeMs, replaced: false };
    all.set(token, made);
    for (const oldest of all.keys()) {
      if (all.size <= remembered) break;
      all.delete(oldest);
    }
    return made;
  }

  function end(token: Token | undefined, at: number): void {
    if (token === undefined || token.expiresAt <= at) return;
    token.expiresAt = at;
    token.replaced = true;
  }

  const shown = (token: Token, now: number): IssuedToken => ({
    token: token.token,
    expiresIn: Math.floor((token.expiresAt - now) / 1000),
  });

  return {
    issue(now, makeToken) {
      end(normal, now + overlapMs);
      normal = add(now, makeToken());
      return shown(normal, now);
    },
    stable(now, day, force, makeToken) {
      if (force) {
        if (forces.day === day && forces.count >= forcesPerDay) return { errcode: 45009 };
        if (now - forces.lastAt < forceApartMs) return { errcode: 45011 };
        forces = { day, count: forces.day === day ? forces.count + 1 : 1, lastAt: now };
        end(stable, now);
      }
      if (stable === undefined || stable.expiresAt - now <= overlapMs) stable = add(now, makeToken());
      return shown(stable, now);
    },
    check(token, now) {
      const found = all.get(token);
      if (found === undefined) return /^\d+_[\w-]{100,}$/.test(token) ? 40001 : 40014;
      if (now < found.expiresAt) return 'ok';
      return found.replaced ? 40001 : 42001;
    },
    knows: (token) => all.has(token),
    revoke(token) {
      end(all.get(token), Number.NEGATIVE_INFINITY);
    },
  };
}
