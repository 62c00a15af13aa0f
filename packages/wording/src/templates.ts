/**
 * Every sentence a follower or a cashier reads. Edit here and nowhere else.
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
    redeemed: ['核销成功：{campaign}，{worth}', '本次优惠 {off} 元'],
    redeemedGift: ['核销成功：{campaign}，{worth}', '请把礼品交给顾客。'],
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
    redeemed: ['Redeemed: {campaign}, {worth}', '¥{off} off this time'],
    redeemedGift: ['Redeemed: {campaign}, {worth}', 'Please hand over the gift.'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>;

/**
 * Why a coupon cannot be used. Of several lines the first that can be filled in is said: `{missing}` is yuan, `{at}` an instant.
 */
export const unusables = {
  zh: {
    unknownCode: ['没有这个券码，请核对后再试。'],
    notOwner: ['这张券不是您的，不能使用。'],
    locked: ['这张券正被另一笔未付款的订单占用，付款或取消那笔订单后再试。'],
    redeemed: ['这张券已经在 {at} 用过了。', '这张券已经用过了。'],
    expired: ['这张券已在 {at} 过期。', '这张券已经过期了。'],
    revoked: ['这张券已被收回，不能使用。'],
    notValidYet: ['这张券从 {at} 起才能使用。', '这张券还没到可以使用的时间。'],
    belowThreshold: ['还差 {missing} 元就能用这张券了。', '金额还没达到这张券的使用门槛。'],
    wrongGoods: ['这张券不适用于所选的商品。'],
    wrongShop: ['这张券不能在这家门店使用。'],
    wrongDay: ['这张券今天不能使用，请看券上写明的日期。'],
    wrongHour: ['这张券现在不能使用，请看券上写明的时段。'],
    amountNeeded: ['请先输入消费金额，再核销这张券。'],
    tooManyWrongCodes: ['输错券码的次数太多，请在 {at} 之后再试。', '输错券码的次数太多，请稍后再试。'],
    otherOrder: ['这张券不属于这笔订单。'],
    unusable: ['这张券现在不能使用。'],
  },
  en: {
    unknownCode: ['There is no such code. Please check it and try again.'],
    notOwner: ['This coupon belongs to somebody else.'],
    locked: ['Another unpaid order holds this coupon. Pay or cancel that order first.'],
    redeemed: ['This coupon was used at {at}.', 'This coupon was used already.'],
    expired: ['This coupon expired at {at}.', 'This coupon has expired.'],
    revoked: ['This coupon was taken back and cannot be used.'],
    notValidYet: ['This coupon can be used from {at} on.', 'This coupon cannot be used yet.'],
    belowThreshold: ['¥{missing} more and this coupon can be used.', 'The sum is too small for this coupon.'],
    wrongGoods: ['This coupon is not for these goods.'],
    wrongShop: ['This coupon cannot be used in this shop.'],
    wrongDay: ['This coupon cannot be used today.'],
    wrongHour: ['This coupon cannot be used at this hour.'],
    amountNeeded: ['Please enter the sum first: what this coupon is worth depends on it.'],
    tooManyWrongCodes: ['Too many wrong codes. Try again after {at}.', 'Too many wrong codes. Try again later.'],
    otherOrder: ['This coupon does not belong to this order.'],
    unusable: ['This coupon cannot be used now.'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>;

/**
 * What a coupon is worth beyond its kind, behind it: `{cap}` is the most it takes off and `{threshold}` the smallest order, both
 * yuan.
 */
export const bounds = {
  zh: { cap: '，最多减{cap}元', threshold: '，满{threshold}元可用' },
  en: { cap: ', at most ¥{cap}', threshold: ', from ¥{threshold}' },
} as const satisfies Record<string, Record<string, string>>;

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
export type UnusableMessage = keyof (typeof unusables)['zh'];
