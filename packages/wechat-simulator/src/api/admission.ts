import { refuse } from '../rules/refusal.ts';
import type { AccountState, World } from '../state/world.ts';
import type { Api } from './definition.ts';
import { isObject } from './fields.ts';

/** The account whose token the call carries, live or not. */
export function ownerOf(world: World, query: URLSearchParams): AccountState | undefined {
  const token = query.get('access_token') ?? '';
  return [...world.accounts.values()].find(({ tokens }) => tokens.knows(token));
}

/** The appid a call without an account's token names, in its query or its JSON; for the record of calls only, it proves nothing. */
export function appidNamed(query: URLSearchParams, rawBody: Buffer): string | undefined {
  return query.get('appid') ?? /"appid"\s*:\s*"([^"]{1,64})"/.exec(rawBody.toString('utf8', 0, 4096))?.[1];
}

/** The account a call may act for; refused without a live token, for another kind of account, and beyond the quota. */
export function admit(
  api: Api & { auth: 'token' },
  token: string | null,
  state: AccountState | undefined,
  now: number,
): AccountState {
  if (token === null || token === '') refuse(41001);
  if (state === undefined) return refuse(/^\d+_[\w-]{100,}$/.test(token) ? 40001 : 40014);
  const verdict = state.tokens.check(token, now);
  if (verdict !== 'ok') refuse(verdict);
  if (api.kind !== undefined && state.account.kind !== api.kind) refuse(48001);
  const quota = state.quotas.take(api.path, now);
  if (quota !== 'ok') refuse(quota);
  return state;
}

/** The JSON of a POST, whatever its Content-Type says: clients label it as text/plain, as form data, or not at all. */
export function bodyOf(api: Api, rawBody: Buffer): Record<string, unknown> {
  if (api.method === 'GET' || api.upload === true) return {};
  if (rawBody.length === 0) refuse(44002);
  let body: unknown;
  try {
    body = JSON.parse(rawBody.toString('utf8'));
  } catch {
    refuse(api.brokenJson ?? 47001);
  }
  return isObject(body) ? body : refuse(api.brokenJson ?? 47001);
}
