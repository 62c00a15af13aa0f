import type { AccountKind } from '../accounts.ts';
import { type Button, type MatchRule, matches } from '../rules/menu.ts';
import type { Follower } from './followers.ts';

export interface ConditionalMenu {
  readonly menuid: string;
  readonly button: readonly Button[];
  readonly matchrule: MatchRule;
}

/** The menu of one account: the one its owner made in the console, until one is made through the interface. */
export interface MenuState {
  /** Undefined after menu/delete. */
  menu:
    | { readonly button: readonly Button[]; readonly menuid: string; readonly source: 'console' | 'interface' }
    | undefined;
  /** In the order in which they were made. */
  conditional: ConditionalMenu[];
  lastMenuId: number;
}

/** What an Official Account shows before anybody calls menu/create: a menu that fits the demo campaign. */
const consoleMenu: readonly Button[] = [
  { type: 'click', name: '领券', key: '优惠券', sub_button: [] },
  { type: 'scancode_waitmsg', name: '扫码', key: '扫码', sub_button: [] },
  {
    name: '更多',
    sub_button: [
      { type: 'click', name: '我的优惠券', key: '我的优惠券', sub_button: [] },
      { type: 'location_select', name: '附近门店', key: '附近门店', sub_button: [] },
      { type: 'view', name: '活动说明', url: 'https://example.com/', sub_button: [] },
    ],
  },
];

export function createMenu(kind: AccountKind): MenuState {
  const menu = kind === 'mini-program' ? undefined : { button: consoleMenu, menuid: '200', source: 'console' as const };
  return { menu, conditional: [], lastMenuId: 200 };
}

/** The buttons this follower sees: the conditional menu made last that fits them, else the account's; none when there is none. */
export function menuFor(state: MenuState, follower: Follower): readonly Button[] {
  const fitting = state.conditional.findLast(({ matchrule }) => matches(matchrule, follower));
  return fitting?.button ?? state.menu?.button ?? [];
}
