/** Why a shopper's or a till's request is refused: a stable word for programs, and a sentence for people in both languages. */
const refusals = {
  invalid: [400, '请求内容不正确 · the request is not what it should be'],
  idempotency_key_needed: [
    400,
    '请求头 Idempotency-Key 必须是 8 到 64 个字符 · the header Idempotency-Key must be 8 to 64 characters without blanks',
  ],
  unknown_goods: [400, '商品不存在 · there are no such goods'],
  too_many: [400, '购买数量太多 · too many of one thing'],
  unknown_account: [400, '没有这个公众号或小程序 · there is no such account here'],
  code_malformed: [400, '券码格式不正确 · this cannot be the code of a coupon'],
  not_logged_in: [401, '请先登录 · please log in'],
  login_failed: [401, '登录失败，请重新打开页面 · the login code is wrong, used or too old; get a new one'],
  till_unknown: [401, '收银台令牌不正确 · the token of the till is wrong'],
  refunds_off: [403, '这里不能自助退款，请联系商家 · refunds are not made here; please ask the shop'],
  not_found: [404, '没有找到 · there is no such thing'],
  method_not_allowed: [405, '不支持这种请求方式 · this method is not for this address'],
  coupon_unusable: [409, '这张券不能使用 · this coupon cannot be used'],
  number_taken: [
    409,
    '这个 Idempotency-Key 已用于另一个请求 · this Idempotency-Key was used for another request; take a new one',
  ],
  order_closed: [409, '订单已关闭，请重新下单 · the order is closed; order again'],
  order_paid: [409, '订单已支付，不能取消 · the order is paid and cannot be cancelled; ask for a refund'],
  platform_refused: [409, '微信支付没有接受这笔订单 · WeChat Pay does not take this order'],
  not_payable: [409, '订单现在不能支付 · the order cannot be paid now'],
  refund_refused: [409, '不能退款 · this cannot be refunded'],
  body_too_big: [413, '请求内容太大 · the body is too big'],
  too_many_requests: [429, '操作太频繁，请稍后再试 · too many requests; try again in a minute'],
  internal: [500, '系统出错了 · something is wrong here'],
  not_configured: [503, '这项服务没有开通 · this is not set up here'],
  try_later: [503, '请稍后再试 · please try again later'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type RefusalCode = keyof typeof refusals;

/** What else a refusal says, such as the reason or the sum that is missing. Never anything of the request. */
export type RefusalDetails = Readonly<Record<string, unknown>>;

/** Thrown by the handlers of /api and of tills; becomes `{error, message, …}` with its status. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly details: RefusalDetails;

  constructor(code: RefusalCode, details: RefusalDetails = {}) {
    super(refusals[code][1]);
    this.name = 'Refusal';
    this.code = code;
    this.status = refusals[code][0];
    this.details = details;
  }

  /** The answer's body. A `message` among the details says it better. */
  get body(): Readonly<Record<string, unknown>> {
    return { error: this.code, message: this.message, ...this.details };
  }
}
