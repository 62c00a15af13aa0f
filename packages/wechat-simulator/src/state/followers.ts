import { openWindow, type ReplyWindow, type WindowReason } from '../rules/reply-windows.ts';
import type { Account } from '../accounts.ts';
import { newOpenid, openidFor } from './ids.ts';

/** A person as one account knows them. For a mini program `following` is always true: there is nothing to follow. */
export interface Follower {
  readonly openid: string;
  /** The same for the same person in every account: the simulator's accounts all belong to one Open Platform account. */
  readonly unionid: string;
  /** Shown on the chat page and in sns/userinfo; the platform no longer gives it to accounts. */
  readonly name: string;
  following: boolean;
  /** Seconds; of the latest follow. */
  subscribedAt: number;
  subscribeScene: string;
  qrScene: number;
  qrSceneStr: string;
  remark: string;
  /** In the order in which they were given. */
  tagIds: number[];
  blacklisted: boolean;
  /** Has switched the account's messages off: 48002, and failed template messages. */
  refusesMessages: boolean;
  phone: string;
  /** 1 iOS, 2 Android: what conditional menus may ask for. */
  readonly platformType: '1' | '2';
  windows: ReplyWindow[];
  /** Milliseconds until which "is typing" is shown, 0 for not. */
  typingUntil: number;
}

/** People every account starts with; their openids are the same after each start, so that what they own is still theirs. */
const people = ['林小满', '陈思远', '周雨桐', '李望舒', '王一诺'];
const moreNames = ['赵清和', '孙暮云', '吴南星', '郑采薇', '冯知秋', '何听雪', '许惊蛰', '沈归帆', '韩疏影', '唐晚舟'];

export interface Followers {
  get(openid: string): Follower | undefined;
  /** In the order in which they were first seen. */
  list(): readonly Follower[];
  /** Somebody new, or the person who has this openid already. */
  add(options: { openid?: string; name?: string; following: boolean; now: number }): Follower;
}

/** The people of one account, with the first ones in it: all follow but the last, who shows what following is like. */
export function createFollowers(account: Account, now: number): Followers {
  const byOpenid = new Map<string, Follower>();
  const isMiniProgram = account.kind === 'mini-program';

  function put(follower: Pick<Follower, 'openid' | 'unionid' | 'name' | 'following'>, at: number): Follower {
    const made: Follower = {
      ...follower,
      subscribedAt: follower.following ? Math.floor(at / 1000) : 0,
      subscribeScene: 'ADD_SCENE_SEARCH',
      qrScene: 0,
      qrSceneStr: '',
      remark: '',
      tagIds: [],
      blacklisted: false,
      refusesMessages: false,
      phone: `138${String(10_000_000 + byOpenid.size).slice(-8)}`,
      platformType: byOpenid.size % 2 === 0 ? '1' : '2',
      windows: [],
      typingUntil: 0,
    };
    byOpenid.set(made.openid, made);
    return made;
  }

  for (const [index, name] of people.entries()) {
    put(
      {
        openid: openidFor(account.appid, String(index)),
        unionid: openidFor('union', String(index)),
        name,
        following: isMiniProgram || index < people.length - 1,
      },
      now,
    );
  }

  return {
    get: (openid) => byOpenid.get(openid),
    list: () => [...byOpenid.values()],
    add({ openid = newOpenid(), name, following, now: at }) {
      const known = byOpenid.get(openid);
      if (known !== undefined) return known;
      const number = byOpenid.size - people.length;
      const suffix = number < moreNames.length ? '' : String(Math.floor(number / moreNames.length) + 1);
      const invented = `${moreNames[number % moreNames.length] ?? '新朋友'}${suffix}`;
      const unionid = openidFor('union', openid);
      return put({ openid, unionid, name: name ?? invented, following: isMiniProgram || following }, at);
    },
  };
}

/** Notes that the follower did something that lets the account write to them for a while. */
export function noteAction(follower: Follower, reason: WindowReason, now: number): void {
  follower.windows = openWindow(follower.windows, reason, now);
}
