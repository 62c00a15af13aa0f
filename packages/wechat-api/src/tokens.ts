import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@lingquan/log';
import { failed } from './outcome.ts';
import type { ApiFailure, ApiOutcome } from './outcome.ts';
import { isFresh, isUsable } from './token-rules.ts';
import type { AccessToken } from './token-rules.ts';
import type { Lease, TokenOwner, TokenStore } from './token-store.ts';

export type AccessTokens = {
  /** A token to call with. One that is due to be replaced is still handed out while its successor is fetched. */
  get: (appid: string) => Promise<ApiOutcome<string>>;
  /** The platform refused `failing`: the newest token instead, fetched once if nobody has a newer one. */
  replace: (appid: string, failing: string) => Promise<ApiOutcome<string>>;
  /** When the token in use was fetched; undefined while there is none. */
  fetchedAtMs: (appid: string) => number | undefined;
};

export type AccessTokensOptions = {
  accounts: readonly TokenOwner[];
  store: TokenStore;
  log: Log;
  /** Asks the platform for the account's token. */
  fetch: (account: TokenOwner) => Promise<ApiOutcome<AccessToken>>;
  now?: () => number;
};

type Slot = {
  account: TokenOwner;
  token?: AccessToken | undefined;
  /** The token the platform refused last; not to be taken from the store again. */
  refused?: string | undefined;
  fetching?: Promise<ApiOutcome<string>> | undefined;
  /** After a failure: what to answer until the platform may be asked again. */
  failure?: { answer: ApiFailure; untilMs: number } | undefined;
};

/** How long another process's fetch is waited for, and how often the store is looked at meanwhile. */
const WAIT_MS = 12_000;
const LOOK_MS = 50;
/** After a failure the platform is left alone for a moment; for half a minute when a person must mend something first. */
const PAUSE_MS = 1000;
const PAUSE_CONFIG_MS = 30_000;

/** The one owner of each account's access token: fetched early, once for all who ask at the same time (reference 5.1). */
export function accessTokens({ accounts, store, log, fetch, now = Date.now }: AccessTokensOptions): AccessTokens {
  const slots = new Map(accounts.map((account): [string, Slot] => [account.appid, { account }]));

  async function get(appid: string): Promise<ApiOutcome<string>> {
    const slot = slots.get(appid);
    if (slot === undefined) return failed('config', 'no account with this appid is set up');
    if (slot.token === undefined || !isUsable(slot.token, now())) return fetchOnce(slot);
    if (!isFresh(slot.token, now())) void fetchOnce(slot);
    return { kind: 'ok', value: slot.token.value };
  }

  async function replace(appid: string, failing: string): Promise<ApiOutcome<string>> {
    const slot = slots.get(appid);
    if (slot?.token?.value === failing) {
      slot.refused = failing;
      slot.token = undefined;
    }
    return get(appid);
  }

  const fetchOnce = (slot: Slot): Promise<ApiOutcome<string>> =>
    (slot.fetching ??= obtain(slot).finally(() => (slot.fetching = undefined)));

  async function obtain(slot: Slot): Promise<ApiOutcome<string>> {
    const giveUpAtMs = now() + WAIT_MS;
    for (;;) {
      const shared = await fromStore(slot);
      if (shared !== undefined) return keep(slot, shared);
      if (slot.failure !== undefined && now() < slot.failure.untilMs) return slot.failure.answer;
      const lease = await store.acquire(slot.account);
      if (lease !== 'held') return fetchUnder(lease, slot);
      if (now() > giveUpAtMs) return failed('not_sent', 'another process has been fetching the token for too long');
      await delay(LOOK_MS);
    }
  }

  async function fromStore(slot: Slot): Promise<AccessToken | undefined> {
    const shared = await store.read(slot.account);
    return shared !== undefined && isFresh(shared, now()) && shared.value !== slot.refused ? shared : undefined;
  }

  async function fetchUnder(lease: Lease, slot: Slot): Promise<ApiOutcome<string>> {
    // Whoever held the lease before may have shared a token since the last look.
    const shared = await fromStore(slot);
    if (shared !== undefined) {
      await lease.release();
      return keep(slot, shared);
    }
    const { appid } = slot.account;
    const fetched = await fetch(slot.account);
    if (fetched.kind === 'failed') {
      await lease.release();
      return fail(slot, fetched);
    }
    log.info({ appid, lifeMs: fetched.value.expiresAtMs - now() }, 'fetched an access token');
    const token = (await lease.save(fetched.value)) ? fetched.value : ((await fromStore(slot)) ?? fetched.value);
    return keep(slot, token);
  }

  function keep(slot: Slot, token: AccessToken): ApiOutcome<string> {
    slot.token = token;
    slot.refused = undefined;
    slot.failure = undefined;
    return { kind: 'ok', value: token.value };
  }

  function fail(slot: Slot, answer: ApiFailure): ApiFailure {
    const { failure, errcode, detail } = answer;
    const byPerson = failure === 'config' || failure === 'permanent';
    log[byPerson ? 'error' : 'warn'](
      { appid: slot.account.appid, failure, errcode, detail },
      'the platform gives no access token',
    );
    slot.failure = { answer, untilMs: now() + (byPerson ? PAUSE_CONFIG_MS : PAUSE_MS) };
    return answer;
  }

  return { get, replace, fetchedAtMs: (appid) => slots.get(appid)?.token?.fetchedAtMs };
}
