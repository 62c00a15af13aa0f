/**
 * What the page shows at this moment. Parts of the page change it through `update` and hear of changes by the names of the
 * members that changed.
 */
export const state = {
  accounts: [],
  /** The account and the follower chosen. */
  appid: undefined,
  openid: undefined,
  followers: [],
  /** Of the follower chosen, oldest first. */
  messages: [],
  /** Of the follower chosen, newest first. */
  pushes: [],
  /** The id of the push looked at. */
  pushId: undefined,
  menu: [],
  /** Of all services, newest first. */
  calls: [],
  rid: undefined,
  faults: [],
  /** Whether WeChat Pay is on; undefined while unknown. */
  payOn: undefined,
  /** What WeChat Pay knows, newest first. */
  payOrders: [],
  payRefunds: [],
  notices: [],
  /** The notice and the order looked at. */
  noticeId: undefined,
  payOrderNo: undefined,
  clockShiftMs: 0,
  /** Openids with something new since they were looked at. */
  unread: new Set(),
  typing: false,
  /** Undefined while unknown, 'unavailable' when the claim log does not answer. */
  events: undefined,
  live: false,
};

const listeners = [];

/** Calls `listener` after changes of any of `names`. */
export function on(names, listener) {
  listeners.push({ names: new Set(names), listener });
}

export function update(changes) {
  Object.assign(state, changes);
  const changed = Object.keys(changes);
  for (const { names, listener } of listeners) if (changed.some((name) => names.has(name))) listener();
}

export const account = () => state.accounts.find(({ appid }) => appid === state.appid);
export const follower = () => state.followers.find(({ openid }) => openid === state.openid);
export const selectedPush = () => state.pushes.find(({ id }) => id === state.pushId);
