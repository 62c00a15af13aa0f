import type { Party } from './parties.ts';
import type { Text } from './text.ts';

/**
 * What an event is called and means in Chinese. The English stands in `proto/`; `when` is the topic's own where it is missing here.
 * `writers` and `key` are there where they differ from the topic's.
 */
export type EventWords = { name: string; meaning: string; when?: string; writers?: readonly Party[]; key?: Text };

const campaignKey: Text = { zh: '活动编号 campaign_id', en: "the campaign's id" };
const byOperator: Pick<EventWords, 'writers'> = { writers: ['lingquan'] };
const byIngress: Pick<EventWords, 'writers'> = { writers: ['ingress'] };
const byPayment: Pick<EventWords, 'writers'> = { writers: ['payment'] };
const notice: Pick<EventWords, 'when' | 'writers'> = {
  when: '微信支付通知接入服务、验签通过之后，应答微信支付之前；无论微信支付通知几次，只有一条。',
  ...byIngress,
};

/** Every event by its ce_type. One that is missing fails a test. */
export const eventWords: Readonly<Record<string, EventWords>> = {
  'campaign.created': {
    name: '活动已创建',
    meaning: '一个活动按这些条件上线。',
    when: '运营的 campaign.create 命令被接受时。',
    key: campaignKey,
  },
  'campaign.changed': {
    name: '活动已变更',
    meaning: '活动暂停、恢复，或库存有变：内容是变更之后的样子。',
    when: '运营的 campaign.pause、campaign.resume 或 campaign.change_stock 命令确有改变时。',
    key: campaignKey,
  },
  'coupon.claimed': {
    name: '券已领取',
    meaning: '粉丝拥有了一张券。',
    when: '命中活动的推送（关键词、菜单、扫码）获准时；同一条推送无论重发几次只有一条。',
  },
  'coupon.claim_refused': {
    name: '领取被拒',
    meaning: '粉丝想领券而没有领到，以及原因。',
    when: '命中活动的推送被拒绝时；同一条推送只有一条。',
  },
  'coupon.locked': {
    name: '券已锁定',
    meaning: '券为一笔订单保留，别处不能再用。',
    when: '支付服务的 coupon.lock 命令被接受时。',
  },
  'coupon.released': {
    name: '券已释放',
    meaning: '锁定的券又可使用。若锁定期间已到期，随后会有 coupon.expired。',
    when: '订单关闭（coupon.release），或锁定自身到时（coupon.fire_timers）。',
  },
  'coupon.redeemed': {
    name: '券已核销',
    meaning: '券已用掉：由付款的订单，或在收银台。',
    when: 'coupon.redeem 命令被接受时。',
  },
  'coupon.returned': {
    name: '券已退回',
    meaning: '退款之后，用掉的券回到粉丝手里。若已过有效期，随后会有 coupon.expired。',
    when: '订单全额退款，coupon.return 命令被接受时。',
  },
  'coupon.expired': {
    name: '券已过期',
    meaning: '券的有效期已过，不能再用。',
    when: '到期那一刻；被锁定的券，在到期后重新可用的那一刻。',
  },
  'coupon.revoked': {
    name: '券已作废',
    meaning: '券被永久收回，以及原因。',
    when: '运营的 coupon.revoke 命令被接受时。',
  },
  'coupon.use_refused': {
    name: '用券被拒',
    meaning: '有人想使用一张确实存在的券而未能使用，以及原因。',
    when: 'coupon.lock 或 coupon.redeem 命令被拒绝时。',
  },

  'campaign.create': {
    name: '创建活动',
    meaning: '活动立即上线。同一账号上已有相同精确关键词的活动时会被拒绝。',
    when: '运营创建活动时。',
    key: campaignKey,
    ...byOperator,
  },
  'campaign.pause': {
    name: '暂停活动',
    meaning: '领取一律拒绝；已发出的券不受影响。',
    when: '运营暂停活动时。',
    key: campaignKey,
    ...byOperator,
  },
  'campaign.resume': {
    name: '恢复活动',
    meaning: '暂停的活动重新上线。',
    when: '运营恢复活动时。',
    key: campaignKey,
    ...byOperator,
  },
  'campaign.change_stock': {
    name: '调整库存',
    meaning: '按差额增减库存，两位运营同时操作也不会互相覆盖。',
    when: '运营调整库存时。',
    key: campaignKey,
    ...byOperator,
  },
  'coupon.lock': {
    name: '锁定券',
    meaning: '为即将付款的订单保留一张券，并算出它抵扣多少。以 CouponAnswer 答复。',
    when: '带券的订单创建时。',
    ...byPayment,
  },
  'coupon.redeem': {
    name: '核销券',
    meaning: '用掉一张券：订单已付款（以 CouponAnswer 答复），或在收银台（以 RedemptionOutcome 答复到 reply-to）。',
    when: '带券的订单付款之后，或收银员输入、扫描券码时。',
    writers: ['payment', 'ingress'],
    key: { zh: '订单：券主人的 openid；收银台：门店', en: "for an order the owner's openid, at a till the shop" },
  },
  'coupon.release': {
    name: '释放券',
    meaning: '订单不会再付款：券重新可用；若已到期则过期。以 CouponAnswer 答复。',
    when: '带券的订单关闭时。',
    ...byPayment,
  },
  'coupon.return': {
    name: '退回券',
    meaning: '订单已全额退款：券退回，除非已过有效期。以 CouponAnswer 答复。',
    when: '订单的最后一部分退款成功时。',
    ...byPayment,
  },
  'coupon.revoke': {
    name: '作废券',
    meaning: '永久收回一张券。被订单锁定或已核销时会被拒绝。',
    when: '运营作废券时。',
    ...byOperator,
  },
  'coupon.fire_timers': {
    name: '定时到点',
    meaning:
      '时钟走到了这些券的到期时刻：在本命令的 ce_time 已到期的生效，其余不变。写成命令，先后次序才有据可查；重放时关闭。',
    when: '有券或锁定到期时。',
    writers: ['coupon-issuer'],
    key: { zh: '固定为 timers', en: 'always timers' },
  },
  'coupon.journal': {
    name: '裁决次序',
    meaning: '一批裁决：某主题某分区的偏移 [first_offset, last_offset]（主题名不含系统前缀）。',
    when: '该批提交之后，按次序号，排在该批的事实之后。',
  },

  'payment.create_order': {
    name: '创建订单',
    meaning:
      '粉丝下单。可以付款或不能付款时以 OrderAnswer 答复。价格由发出命令的一方填写：接入服务取自商品价目表，从不取自客户端。',
    when: '顾客在小程序下单时。',
    ...byIngress,
  },
  'payment.cancel_order': {
    name: '取消订单',
    meaning: '顾客不想要了。对已付款的订单不起作用。',
    when: '顾客取消订单时。',
    ...byIngress,
  },
  'payment.request_refund': {
    name: '申请退款',
    meaning: '退钱。以 RefundAnswer 答复。',
    when: '顾客申请退款，或运营退款时。',
  },
  'payment.resolve_incident': {
    name: '处理异常',
    meaning: '运营看过并处理了一起异常。',
    when: '运营确认处理完毕时。',
    ...byOperator,
  },

  'payment.order_created': {
    name: '订单已创建',
    meaning: '订单成立：买了什么、用券之前多少钱。',
    when: 'payment.create_order 命令被接受时。',
  },
  'payment.order_priced': {
    name: '订单已定价',
    meaning: '扣除优惠之后应付多少。',
    when: '金额确定时：不用券则立即；用券则在发券服务答复锁定之后。',
  },
  'payment.order_paid': {
    name: '订单已支付',
    meaning: '订单已付款。',
    when: '微信支付以通知或查询结果确认时，或无需付款时；只有一次。',
  },
  'payment.order_closed': {
    name: '订单已关闭',
    meaning: '订单不会再付款，以及原因。',
    when: '超时、顾客取消、券不能用或微信支付不受理；并且在微信支付侧也已关闭之后。',
  },
  'payment.refund_requested': {
    name: '退款已受理',
    meaning: '将要退钱。',
    when: 'payment.request_refund 命令被接受时，或发现商户平台上发起的退款时。',
  },
  'payment.refund_succeeded': {
    name: '退款成功',
    meaning: '钱已退回。',
    when: '微信支付以通知或查询结果确认时。',
  },
  'payment.refund_failed': {
    name: '退款失败',
    meaning: '这个退款单号没有退出钱，或需要人工处理。',
    when: '微信支付关闭或拒绝退款，或收款账户无法收款时。',
  },
  'payment.incident_found': {
    name: '发现异常',
    meaning: '需要人处理：金额不符的付款、不认识的订单、券已不在。没有因此动过任何钱。',
    when: '发现时；每起异常一条。',
  },
  'payment.incident_resolved': {
    name: '异常已处理',
    meaning: '异常已由人处理。',
    when: 'payment.resolve_incident 命令被接受时。',
  },

  'payment.transaction': {
    name: '支付回调',
    meaning: '微信支付告知的一笔付款。文字为平台原词，金额为分。',
    ...notice,
  },
  'payment.refund': {
    name: '退款回调',
    meaning: '微信支付告知的一笔退款。文字为平台原词，金额为分。',
    ...notice,
  },
  'payment.other': {
    name: '其他回调',
    meaning: '尚不认识的通知类型：留给人看，不改变任何东西。',
    ...notice,
    key: { zh: '通知编号', en: "the notification's id" },
  },
  'payment.coupon_answer': {
    name: '用券答复',
    meaning: '发券服务告诉支付服务：它的命令结果如何。',
    when: '发券服务裁决订单的 coupon.lock、coupon.redeem、coupon.release 或 coupon.return 之后；命令重来一次，就以相同 id 再答一次。',
    writers: ['coupon-issuer'],
  },

  'notifier.tell_outcome': {
    name: '补告结果',
    meaning: '推送已受理，但结果出来之前只能空应答：查出结果，用客服消息告诉粉丝一次。',
    when: '接入服务未能及时等到结果时，在空应答微信之前。',
  },
  'message.delivered': {
    name: '消息已送达',
    meaning: '平台收下了发给粉丝的消息。',
    when: '平台应答成功时。',
  },
  'message.given_up': {
    name: '消息已放弃',
    meaning: '发给粉丝的消息没有发出，或不确定是否发出，不再重试。',
    when: '再试无用、为时已晚，或可能让粉丝收到两次时。',
  },
  'ingress.reply': {
    name: '答复',
    meaning: '推送或命令的结果，回到正在等待的接入实例。',
    when: '带有 reply-to 头的推送或命令裁决之后；写到其中指定的分区。',
  },

  'wechat.text': { name: '文本消息', meaning: '粉丝发来文字。' },
  'wechat.image': { name: '图片消息', meaning: '粉丝发来图片。' },
  'wechat.voice': { name: '语音消息', meaning: '粉丝发来语音。' },
  'wechat.video': { name: '视频消息', meaning: '粉丝发来视频。' },
  'wechat.shortvideo': { name: '小视频消息', meaning: '粉丝在聊天里拍摄并发来短视频。' },
  'wechat.location': { name: '位置消息', meaning: '粉丝发来一个地点。' },
  'wechat.link': { name: '链接消息', meaning: '粉丝发来链接。' },
  'wechat.miniprogrampage': { name: '小程序卡片', meaning: '粉丝发来小程序卡片。' },
  'wechat.unknown': { name: '未知类型', meaning: '尚不认识的类型，原样保留。' },
  'wechat.click': { name: '点击菜单', meaning: '粉丝点了要求答复的菜单（CLICK）。' },
  'wechat.scan': { name: '扫码（已关注）', meaning: '已关注的用户扫了带参数的二维码（SCAN）。' },
  'wechat.subscribe': { name: '关注', meaning: '用户关注了账号，可能是扫带参数的二维码而来。' },
  'wechat.unsubscribe': { name: '取消关注', meaning: '用户不再关注：其数据应删除或匿名。' },
  'wechat.location_report': { name: '上报位置', meaning: '用户允许上报位置（LOCATION）：进入会话时或每五秒一次。' },
  'wechat.view': { name: '菜单打开网页', meaning: '粉丝点了打开网页的菜单（VIEW）。' },
  'wechat.view_miniprogram': { name: '菜单打开小程序', meaning: '粉丝点了打开小程序的菜单。' },
  'wechat.scancode_push': { name: '菜单扫码', meaning: '粉丝从菜单扫码，结果由微信直接展示。' },
  'wechat.scancode_waitmsg': { name: '菜单扫码并等待', meaning: '粉丝从菜单扫码，并等待答复。' },
  'wechat.pic_sysphoto': { name: '菜单拍照', meaning: '粉丝从菜单拍照发图。' },
  'wechat.pic_photo_or_album': { name: '菜单拍照或选图', meaning: '粉丝从菜单拍照或从手机相册选图。' },
  'wechat.pic_weixin': { name: '菜单微信相册', meaning: '粉丝从菜单打开微信相册选图。' },
  'wechat.location_select': { name: '菜单选位置', meaning: '粉丝从菜单选择了一个地点。' },
  'wechat.template_send_job_finish': {
    name: '模板消息结果',
    meaning: '一条模板消息发得怎样（TEMPLATESENDJOBFINISH）。',
  },
  'wechat.mass_send_job_finish': { name: '群发结果', meaning: '一次群发发得怎样（MASSSENDJOBFINISH）。' },
  'wechat.publish_job_finish': { name: '发布结果', meaning: '一次图文发布的结果（PUBLISHJOBFINISH）。' },
  'wechat.subscribe_msg_popup': { name: '订阅弹窗', meaning: '用户答复了订阅请求：接受或拒绝。' },
  'wechat.subscribe_msg_change': { name: '订阅设置变更', meaning: '用户在设置里收回了订阅许可。' },
  'wechat.subscribe_msg_sent': { name: '订阅消息结果', meaning: '一条订阅消息发得怎样。' },
  'wechat.kf_create_session': { name: '客服接入', meaning: '人工客服接入会话。' },
  'wechat.kf_close_session': { name: '客服结束', meaning: '人工客服结束会话。' },
  'wechat.kf_switch_session': { name: '客服转接', meaning: '人工客服把会话转给另一位。' },
  'wechat.qualification_verify_success': { name: '资质认证成功', meaning: '账号资质认证通过。' },
  'wechat.naming_verify_success': { name: '名称认证成功', meaning: '账号名称认证通过。' },
  'wechat.annual_renew': { name: '年审提醒', meaning: '账号认证该年审了。' },
  'wechat.verify_expired': { name: '认证过期', meaning: '账号认证已过期。' },
  'wechat.qualification_verify_fail': { name: '资质认证失败', meaning: '账号资质认证未通过，以及原因。' },
  'wechat.naming_verify_fail': { name: '名称认证失败', meaning: '账号名称认证未通过，以及原因。' },
  'wechat.user_scan_product': { name: '扫商品码', meaning: '用户扫商品码，打开了商品页。' },
  'wechat.user_scan_product_enter_session': { name: '商品页进入会话', meaning: '用户从商品页进入会话。' },
  'wechat.user_scan_product_async': { name: '商品页位置', meaning: '用户在哪里打开商品页，稍后告知。' },
  'wechat.user_scan_product_verify_action': { name: '商品审核结果', meaning: '商品审核的结果。' },
  'wechat.user_info_modified': { name: '授权资料变更', meaning: '用户改变了允许账号知道的资料。' },
  'wechat.user_authorization_revoke': { name: '撤回授权', meaning: '用户撤回授权：相应数据应删除。' },
  'wechat.user_authorization_cancellation': { name: '注销账号', meaning: '用户注销了微信账号：其数据应删除。' },
  'wechat.card_pass_check': { name: '卡券审核通过', meaning: '旧卡券通过审核。' },
  'wechat.card_not_pass_check': { name: '卡券审核未通过', meaning: '旧卡券未通过审核，以及原因。' },
  'wechat.user_get_card': { name: '领取卡券', meaning: '用户领取了旧卡券。' },
  'wechat.user_gifting_card': { name: '转赠卡券', meaning: '用户转赠旧卡券。' },
  'wechat.user_del_card': { name: '删除卡券', meaning: '用户删除了旧卡券。' },
  'wechat.user_consume_card': { name: '核销卡券', meaning: '旧卡券被核销。' },
  'wechat.user_pay_from_pay_cell': { name: '卡券买单', meaning: '用户用旧卡券买单。' },
  'wechat.user_view_card': { name: '查看会员卡', meaning: '用户打开了会员卡。' },
  'wechat.user_enter_session_from_card': { name: '卡券进入会话', meaning: '用户从卡券进入会话。' },
  'wechat.update_member_card': { name: '会员卡变更', meaning: '会员卡的积分或余额有变。' },
  'wechat.card_sku_remind': { name: '卡券库存提醒', meaning: '旧卡券快发完：由 200 以上降到 100 或以下。' },
  'wechat.card_pay_order': { name: '券点流水', meaning: '旧卡券的券点购买或退回。' },
  'wechat.submit_membercard_user_info': { name: '会员卡激活', meaning: '用户填写了会员卡资料。' },
  'wechat.user_enter_tempsession': { name: '进入小程序客服', meaning: '用户打开了小程序的客服会话。' },
  'wechat.wxa_media_check': { name: '内容检测结果', meaning: '送检的图片或音频的检测结果。' },
  'wechat.notify_service_msg_send_result': { name: '服务消息结果', meaning: '小程序的一条服务消息发得怎样。' },
  'wechat.debug_demo': { name: '调试推送', meaning: '平台后台测试工具发来的推送。' },
};
