import type { TopicName } from '@lingquan/events/catalogue.ts';
import type { Text } from './text.ts';

type TopicWords = {
  name: Text;
  about: Text;
  /** What the key is, unless an event's own words say otherwise. */
  key: Text;
};

export const topicWords: Readonly<Record<TopicName, TopicWords>> = {
  'wechat.inbound': {
    name: { zh: '微信推送', en: 'WeChat pushes' },
    about: {
      zh: '微信服务器推来的每条消息和事件，验签、解密、解析之后原样入库。先写进这里，再应答微信；同一条推送无论重发几次，id 都相同。',
      en: 'Every message and event WeChat pushed, verified, decrypted and parsed. It is here before WeChat is answered; the same push has the same id however often it is sent.',
    },
    key: { zh: '{appid}:{openid}，同一粉丝的推送保持先后', en: "{appid}:{openid}: a follower's pushes stay in order" },
  },
  'coupon.commands': {
    name: { zh: '优惠券命令', en: 'Coupon commands' },
    about: {
      zh: '凡是会改变活动或券的，都是这里的一条命令：运营、订单、收银台和定时器。一个分区，谁先谁后由日志说了算。',
      en: 'Whatever changes a campaign or a coupon is a command here: of operators, orders, tills and timers. One partition, so the log says who came first.',
    },
    key: { zh: '券主人的 openid', en: "the coupon owner's openid" },
  },
  'coupon.events': {
    name: { zh: '优惠券事实', en: 'Facts about coupons' },
    about: {
      zh: '活动与券已经发生的事：创建、领取、拒绝、锁定、核销、退回、过期、作废。大多数订阅者只需要这一个主题。',
      en: 'What has happened to campaigns and coupons: created, claimed, refused, locked, redeemed, returned, expired, revoked. Most subscribers need no other topic.',
    },
    key: { zh: '粉丝的 openid，同一粉丝的事实保持先后', en: "the follower's openid: a follower's facts stay in order" },
  },
  'coupon.journal': {
    name: { zh: '裁决次序', en: 'Order of decisions' },
    about: {
      zh: '每批裁决一条：哪个分区的哪段偏移在第几个轮到。精确重放按它进行；不含任何个人数据。',
      en: 'One record per batch decided: which offsets of which partition had their turn when. Exact replay follows it; it holds no personal data.',
    },
    key: { zh: '服务名，如 coupon-issuer', en: "the service's name, such as coupon-issuer" },
  },
  'payment.commands': {
    name: { zh: '支付命令', en: 'Payment commands' },
    about: {
      zh: '下单、取消、退款、处理异常。金额由接入服务按商品价目表填写，从不取自客户端。',
      en: "Order, cancel, refund, deal with an incident. Prices are filled in from the shop's own list, never taken from a client.",
    },
    key: { zh: '商户订单号 out_trade_no', en: 'out_trade_no' },
  },
  'payment.notifications': {
    name: { zh: '支付通知', en: 'Payment notifications' },
    about: {
      zh: '别人告诉支付服务的事：微信支付的回调（已验签、解密），以及发券服务对订单用券的答复。',
      en: "What payment is told by others: WeChat Pay's notices, verified and opened, and the coupon issuer's answers about orders.",
    },
    key: { zh: '商户订单号 out_trade_no', en: 'out_trade_no' },
  },
  'payment.events': {
    name: { zh: '支付事实', en: 'Facts about money' },
    about: {
      zh: '订单与资金已经发生的事：创建、定价、支付、关闭、退款、异常。金额单位一律为分。',
      en: 'What has happened to orders and money: created, priced, paid, closed, refunded, incidents. Money is integer fen.',
    },
    key: { zh: '商户订单号 out_trade_no，同一订单的事实保持先后', en: "out_trade_no: an order's facts stay in order" },
  },
  'notifier.commands': {
    name: { zh: '通知命令', en: 'Notifier commands' },
    about: {
      zh: '结果来不及在推送的应答里给出时，请通知服务改用客服消息告诉粉丝。',
      en: 'When an outcome was too late for the answer to a push, the notifier is asked to tell the follower by customer-service message.',
    },
    key: { zh: '粉丝的 openid', en: "the follower's openid" },
  },
  'notifier.events': {
    name: { zh: '通知结果', en: 'What became of messages' },
    about: {
      zh: '发给粉丝的消息最后怎样了：已送达，或放弃及其原因。',
      en: 'What became of messages to followers: delivered, or given up and why.',
    },
    key: { zh: '粉丝的 openid', en: "the follower's openid" },
  },
  'ingress.replies': {
    name: { zh: '接入答复', en: 'Replies to ingress' },
    about: {
      zh: '结果回到正在等待的那个接入实例。只在内部使用，请勿订阅：同样的结果都在 coupon.events 和 payment.events 里。这里还有每个实例启动时发给自己的 ingress.probe，没有内容。',
      en: 'Outcomes on their way to the ingress instance that waits. Internal, not for subscribers: the same outcomes are on coupon.events and payment.events. An instance also says ingress.probe to itself at its start, without an outcome.',
    },
    key: {
      zh: '等待的接入实例（分区也由它指定）',
      en: 'the ingress instance that waits, which also chose the partition',
    },
  },
};
