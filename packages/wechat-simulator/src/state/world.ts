import { type QuotaBook, createQuotaBook } from '../rules/quotas.ts';
import { type TokenBook, createTokenBook } from '../rules/tokens.ts';
import type { Account } from '../accounts.ts';
import { type Calls, createCalls } from './calls.ts';
import { type Chat, createChat } from './chat.ts';
import { type Clock, createClock } from './clock.ts';
import { type Faults, createFaults } from './faults.ts';
import { type Feed, createFeed } from './feed.ts';
import { type Followers, createFollowers } from './followers.ts';
import { type Ring, createRing } from './ring.ts';
import type { PushRecord } from '../push/record.ts';

/** All the platform knows about one account. */
export interface AccountState {
  readonly account: Account;
  readonly tokens: TokenBook;
  readonly quotas: QuotaBook;
  readonly followers: Followers;
  readonly chat: Chat;
}

/** The whole platform, in memory: gone when the process ends. */
export interface World {
  readonly clock: Clock;
  readonly feed: Feed;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly pushes: Ring<PushRecord>;
  /** By appid; the first one is the default account. */
  readonly accounts: ReadonlyMap<string, AccountState>;
}

function accountState(account: Account, clock: Clock, feed: Feed): AccountState {
  return {
    account,
    tokens: createTokenBook(),
    quotas: createQuotaBook(),
    followers: createFollowers(account, clock.now()),
    chat: createChat(account.appid, (message) => feed.publish('message', message)),
  };
}

export function createWorld(accounts: readonly Account[], clock: Clock = createClock()): World {
  const feed = createFeed();
  return {
    clock,
    feed,
    faults: createFaults(feed),
    calls: createCalls(feed),
    pushes: createRing<PushRecord>(300),
    accounts: new Map(accounts.map((account) => [account.appid, accountState(account, clock, feed)])),
  };
}
