import { newOpaque } from './ids.ts';

export type CodeKind = 'oauth' | 'login' | 'phone';

/** What a code stands for. */
export interface CodeGrant {
  readonly openid: string;
  /** OAuth: snsapi_base or snsapi_userinfo. */
  readonly scope: string;
  /** OAuth: the page ran in snapshot mode, so nobody real is behind it. */
  readonly snapshot: boolean;
}

/** Codes a client got and a server redeems: five minutes, once (reference 9.1, 9.2). */
export interface OneTimeCodes {
  issue(kind: CodeKind, grant: CodeGrant, now: number): string;
  /** What it stands for, or 40029 (unknown, of another kind, too old) or 40163 (used). */
  redeem(kind: CodeKind, code: string, now: number): CodeGrant | { readonly errcode: 40029 | 40163 };
}

const lifeMs = 300_000;
const rememberedMax = 10_000;

export function createOneTimeCodes(): OneTimeCodes {
  const codes = new Map<string, { kind: CodeKind; grant: CodeGrant; expiresAt: number; used: boolean }>();
  return {
    issue(kind, grant, now) {
      const code = `0${newOpaque(24).replaceAll('-', 'a').replaceAll('_', 'b').slice(0, 31)}`;
      codes.set(code, { kind, grant, expiresAt: now + lifeMs, used: false });
      for (const oldest of codes.keys()) {
        if (codes.size <= rememberedMax) break;
        codes.delete(oldest);
      }
      return code;
    },
    redeem(kind, code, now) {
      const found = codes.get(code);
      if (found === undefined || found.kind !== kind) return { errcode: 40029 };
      if (found.used) return { errcode: 40163 };
      if (now >= found.expiresAt) return { errcode: 40029 };
      found.used = true;
      return found.grant;
    },
  };
}
