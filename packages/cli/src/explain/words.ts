import { momentText } from './clock.ts';

/** The same thing twice, for people. */
export type Words = { zh: string; en: string };

const w = (zh: string, en: string): Words => ({ zh, en });
const until = (ms: number): Words => (Number.isFinite(ms) ? w(momentText(ms), momentText(ms)) : w('不限', 'no end'));
const yuan = (fen: bigint | number): string => `¥${(Number(fen) / 100).toFixed(2)}`;

/** Every sentence `explain` says. Times are Beijing's. */
export const words = {
  said: (text: string) => w(`说「${text}」`, `said “${text}”`),
  tapped: (key: string) => w(`点了菜单「${key}」`, `tapped the menu “${key}”`),
  scanned: (key: string) => w(`扫了码「${key}」`, `scanned “${key}”`),
  followed: (scene: string) =>
    w(scene === '' ? '关注了' : `关注了，场景「${scene}」`, scene === '' ? 'followed' : `followed, scene “${scene}”`),
  unfollowed: () => w('取消关注', 'unfollowed'),
  pushed: (kind: string) => w(`推送 ${kind}`, `a push of the kind ${kind}`),
  pushedAgain: () => w('同一条推送又来一次，答复同前', 'the same push once more: answered as before'),
  undecided: () => w('还没有轮到裁定', 'its turn is still to come'),
  nobodyAnswers: () => w('没有活动回应这条消息', 'no campaign answers this'),
  pushNotRead: () => w('（推送不在所读之内）', '(the push is not among what was read)'),

  got: (code: string, campaign: string, worth: string) =>
    w(`领到 ${code}「${campaign}」${worth}`, `got it: ${campaign}`),
  refused: ({ zh, en }: Words) => w(`没领到：${zh}`, `refused: ${en}`),
  limitReached: (limit: number | undefined, code: string) =>
    w(
      `每人限领 ${limit ?? '?'} 张，已经有了 ${code}`.trim(),
      `the limit is ${limit ?? '?'} each, and ${code === '' ? 'it is reached' : `${code} is there already`}`,
    ),
  soldOut: (stock: number | undefined) => w(`${stock ?? '?'} 张都领完了`, `all ${stock ?? '?'} are taken`),
  paused: () => w('活动暂停中', 'the campaign is paused'),
  notOpenYet: () => w('活动还没开始', 'the campaign is not open yet'),
  over: () => w('活动已经结束', 'the campaign is over'),
  notEntitled: () => w('不在活动人群里', 'not among those the campaign is for'),
  otherReason: (reason: number) => w(`原因 ${reason}`, `reason ${reason}`),
  ruleLimit: (limit: number) => w(`每人限领 ${limit}`, `limit ${limit} each`),
  ruleStock: (stock: number) => w(`库存 ${stock}`, `stock ${stock}`),
  rulePaused: () => w('暂停', 'paused'),
  ruleOpens: (ms: number | undefined) =>
    w(`${ms === undefined ? '?' : momentText(ms)} 开始`, `opens at ${ms === undefined ? '?' : momentText(ms)}`),
  ruleCloses: (ms: number) => w(`${until(ms).zh} 结束`, `closes at ${until(ms).en}`),
  ruleAudience: () => w('人群', 'audience'),

  locked: (order: string, untilMs: number, off: bigint) =>
    w(
      `被订单 ${order} 锁定到 ${until(untilMs).zh}，可减 ${yuan(off)}`,
      `held for the order until ${until(untilMs).en}, takes ${yuan(off)} off`,
    ),
  released: (order: string, timedOut: boolean) =>
    w(
      `订单 ${order} 放开了它：${timedOut ? '锁定到时' : '订单关闭'}`,
      `free again: ${timedOut ? 'the hold was over' : 'the order was closed'}`,
    ),
  redeemedByOrder: (order: string, off: bigint) =>
    w(`订单 ${order} 核销，减了 ${yuan(off)}`, `redeemed by the order, ${yuan(off)} off`),
  redeemedAtTill: (shop: string, cashier: string, off: bigint) =>
    w(`在「${shop}」由「${cashier}」核销，减了 ${yuan(off)}`, `redeemed at a till, ${yuan(off)} off`),
  returned: (order: string) => w(`订单 ${order} 全退，券退回`, 'came back: all the money of the order is back'),
  expired: () => w('过期了', 'expired'),
  revoked: (reason: string) => w(`被作废${reason === '' ? '' : `：${reason}`}`, 'revoked'),
  useRefused: (who: string, why: Words) => w(`${who}想用它，没用成：${why.zh}`, `could not be used: ${why.en}`),
  byOrder: (order: string) => `订单 ${order} `,
  byTill: (shop: string, cashier: string) => `「${shop}」的「${cashier}」`,
  unknownFact: (kind: string) => w(`事件 ${kind}`, `a fact of the kind ${kind}`),

  orderCreated: (order: string, total: bigint) =>
    w(`下单 ${order}，合计 ${yuan(total)}`, `ordered, ${yuan(total)} in all`),
  orderPriced: (order: string, off: bigint, payable: bigint) =>
    w(`订单 ${order} 减 ${yuan(off)}，应付 ${yuan(payable)}`, `${yuan(off)} off, ${yuan(payable)} to pay`),
  orderPaid: (order: string, fen: bigint) => w(`订单 ${order} 付了 ${yuan(fen)}`, `paid ${yuan(fen)}`),
  orderClosed: (order: string, cause: string) => w(`订单 ${order} 关闭（${cause}）`, `the order was closed (${cause})`),
  refundRequested: (order: string, fen: bigint) => w(`订单 ${order} 申请退款 ${yuan(fen)}`, `asked ${yuan(fen)} back`),
  refundSucceeded: (order: string, fen: bigint, whole: boolean) =>
    w(
      `订单 ${order} 退了 ${yuan(fen)}${whole ? '，已全退' : ''}`,
      `${yuan(fen)} is back${whole ? ', which is all' : ''}`,
    ),
  refundFailed: (order: string, why: string) => w(`订单 ${order} 退款失败（${why}）`, `the refund failed (${why})`),
  incidentFound: (order: string, kind: string) => w(`订单 ${order} 需要人工处理：${kind}`, `needs a person: ${kind}`),
  incidentResolved: (order: string, note: string) =>
    w(`订单 ${order} 已人工处理：${note}`, 'a person has dealt with it'),

  states: {
    issued: w('可用', 'usable'),
    locked: w('锁定', 'held'),
    redeemed: w('已核销', 'redeemed'),
    expired: w('已过期', 'expired'),
    revoked: w('已作废', 'revoked'),
  },
} as const;
