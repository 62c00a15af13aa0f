/**
 * Every sentence a follower reads. Edit here and nowhere else.
 *
 * A message is a list of lines. `{name}` is filled in; a line is left out when something it names is not known (a campaign
 * without an end has no `{until}`). The line `券码：{code}` must stay as it is, alone and in every language: tills,
 * tests and people find the code by it.
 */
export const templates = {
  zh: {
    claimed: ['领取成功！{campaign}，{worth}', '券码：{code}', '有效期至 {until}', '请妥善保管，结账时出示即可。'],
    alreadyClaimed: ['您已经领过「{campaign}」啦，券还在：{worth}', '券码：{code}', '结账时出示即可。'],
    limitReached: ['您已经领过「{campaign}」啦，把机会留给其他朋友吧。'],
    soldOut: ['来晚了一步，「{campaign}」已经领完了。', '下次早点来哦。'],
    notOpenYet: ['「{campaign}」还没开始，{opens} 准时开抢。', '到时候再来哦。'],
    notOpenYetUndated: ['「{campaign}」还没开始，请稍后再来哦。'],
    over: ['「{campaign}」已经结束了，谢谢您的关注。', '下次活动再见。'],
    paused: ['「{campaign}」暂停领取，恢复后就能领了。', '请稍后再来看看。'],
    notEntitled: ['抱歉，您暂时不符合「{campaign}」的领取条件。'],
    refused: ['抱歉，这次没能领到「{campaign}」。'],
    tooFast: ['您操作得太频繁了，休息一下吧。', '{until} 之后再来就可以了。'],
    tryLater: ['现在来的人有点多，请稍后再试。'],
  },
  en: {
    claimed: ['It is yours! {campaign}: {worth}', '券码：{code}', 'Valid until {until}', 'Show it when you pay.'],
    alreadyClaimed: ['You already have {campaign}: {worth}', '券码：{code}', 'Show it when you pay.'],
    limitReached: ['You already have {campaign}. Leave some for the others!'],
    soldOut: ['Sorry, {campaign} is sold out.', 'Come earlier next time.'],
    notOpenYet: ['{campaign} has not started yet. It opens at {opens}.', 'See you then.'],
    notOpenYetUndated: ['{campaign} has not started yet. Please come back later.'],
    over: ['{campaign} is over. Thank you for coming.'],
    paused: ['{campaign} is paused. Please look in again later.'],
    notEntitled: ['Sorry, {campaign} is not open to you.'],
    refused: ['Sorry, you did not get {campaign} this time.'],
    tooFast: ['That was a bit fast. Take a rest.', 'You are welcome again after {until}.'],
    tryLater: ['We are very busy right now. Please try again later.'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>;

/** How a coupon's worth is said; `{value}` and `{threshold}` are yuan, `{fold}` is tenths of the price still to pay. */
export const worths = {
  zh: {
    amount: '立减{value}元',
    threshold: '满{threshold}减{value}',
    percent: '{fold}折',
    free: '全额减免',
    gift: '礼品一份（价值{value}元）',
    plainGift: '礼品一份',
    unknown: '优惠券一张',
  },
  en: {
    amount: '¥{value} off',
    threshold: '¥{value} off from ¥{threshold}',
    percent: '{percent}% off',
    free: 'free of charge',
    gift: 'a gift (worth ¥{value})',
    plainGift: 'a gift',
    unknown: 'a coupon',
  },
} as const satisfies Record<string, Record<string, string>>;

/** How instants are said; the pieces are Beijing time, hour and minute with two digits. */
export const moments = {
  zh: {
    clock: '{hour}:{minute}',
    tomorrow: '明天 {hour}:{minute}',
    thisYear: '{month}月{day}日 {hour}:{minute}',
    full: '{year}年{month}月{day}日 {hour}:{minute}',
  },
  en: {
    clock: '{hour}:{minute}',
    tomorrow: '{hour}:{minute} tomorrow',
    thisYear: '{month}/{day} {hour}:{minute}',
    full: '{year}/{month}/{day} {hour}:{minute}',
  },
} as const satisfies Record<string, Record<string, string>>;

export type Language = keyof typeof templates;
export type Message = keyof (typeof templates)['zh'];
