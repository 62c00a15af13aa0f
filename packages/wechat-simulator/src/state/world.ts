import { type PermitBook, createPermitBook } from '../rules/permits.ts';
import { type PushStatistics, createPushStatistics } from '../rules/push-statistics.ts';
import { type QuotaBook, createQuotaBook } from '../rules/quotas.ts';
import { type TagBook, createTagBook } from '../rules/tags.ts';
import { type TokenBook, createTokenBook } from '../rules/tokens.ts';
import type { Account } from '../accounts.ts';
import type { PushRecord } from '../push/record.ts';
import { type Calls, createCalls } from './calls.ts';
import { type Chat, createChat } from './chat.ts';
import { type Clock, createClock } from './clock.ts';
import { type Faults, createFaults } from './faults.ts';
import { type Feed, createFeed } from './feed.ts';
import { type Followers, createFollowers } from './followers.ts';
import { type Media, createMedia } from './media.ts';
import { type MenuState, createMenu } from './menu.ts';
import { type OneTimeCodes, createOneTimeCodes } from './one-time-codes.ts';
import { type QrCodes, createQrCodes } from './qr-codes.ts';
import { type RecentSends, createRecentSends } from './recent-sends.ts';
import { type Ring, createRing } from './ring.ts';
import { type Templates, privateTemplates, subscribeTemplates } from './templates.ts';
import { type WebSessions, createWebSessions } from './web-sessions.ts';

/** All the platform knows about one account. */
export interface AccountState {
  readonly account: Account;
  readonly tokens: TokenBook;
  readonly quotas: QuotaBook;
  readonly followers: Followers;
  readonly chat: Chat;
  readonly menu: MenuState;
  readonly tags: TagBook;
  readonly qrCodes: QrCodes;
  readonly templates: Templates;
  readonly subscribeTemplates: Templates;
  readonly recentSends: RecentSends;
  readonly permits: PermitBook;
  readonly media: Media;
  readonly codes: OneTimeCodes;
  readonly webSessions: WebSessions;
  /** The session_key of the latest log-in, by openid. */
  readonly sessionKeys: Map<string, string>;
  /** By kind; `expiresAt` in milliseconds. */
  readonly tickets: Map<string, { readonly ticket: string; readonly expiresAt: number }>;
  readonly pushStatistics: PushStatistics;
  /** Mini-program codes made by the two interfaces that are limited for ever. */
  codeImagesMade: number;
  /** Whose phone a page is opened on (web authorization); '' for nobody chosen. */
  browsingOpenid: string;
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
    menu: createMenu(account.kind),
    tags: createTagBook(),
    qrCodes: createQrCodes(),
    templates: privateTemplates(account),
    subscribeTemplates: subscribeTemplates(account),
    recentSends: createRecentSends(),
    permits: createPermitBook(),
    media: createMedia(),
    codes: createOneTimeCodes(),
    webSessions: createWebSessions(),
    sessionKeys: new Map(),
    tickets: new Map(),
    pushStatistics: createPushStatistics(),
    codeImagesMade: 0,
    browsingOpenid: '',
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
