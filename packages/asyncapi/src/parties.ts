import type { TopicName } from '@lingquan/events/catalogue.ts';
import type { Text } from './text.ts';

/** Whoever writes a topic or reads it, by `ce_source` where they write. */
export const parties = {
  ingress: { zh: '接入', en: 'the door: WeChat, shoppers, tills' },
  'coupon-issuer': { zh: '发券', en: 'judges claims and coupons' },
  payment: { zh: '支付', en: 'orders, payments, refunds' },
  notifier: { zh: '通知', en: 'tells followers' },
  'claim-log': { zh: '领取日志', en: 'keeps every fact' },
  lingquan: { zh: '运维命令行', en: "operators' command line" },
  teams: { zh: '内部团队', en: 'internal teams' },
} as const satisfies Record<string, Text>;

export type Party = keyof typeof parties;

type Flow = { writers: readonly Party[]; readers: readonly Party[] };

/** Who writes and who reads each topic. A test holds it against what the services' sources name. */
export const flows: Readonly<Record<TopicName, Flow>> = {
  'wechat.inbound': { writers: ['ingress'], readers: ['coupon-issuer', 'teams'] },
  'coupon.commands': { writers: ['lingquan', 'ingress', 'payment', 'coupon-issuer'], readers: ['coupon-issuer'] },
  'coupon.events': { writers: ['coupon-issuer'], readers: ['claim-log', 'notifier', 'teams'] },
  'coupon.journal': { writers: ['coupon-issuer'], readers: ['lingquan', 'teams'] },
  'payment.commands': { writers: ['lingquan', 'ingress'], readers: ['payment'] },
  'payment.notifications': { writers: ['ingress', 'coupon-issuer'], readers: ['payment'] },
  'payment.events': { writers: ['payment'], readers: ['claim-log', 'teams'] },
  'notifier.commands': { writers: ['ingress'], readers: ['notifier'] },
  'notifier.events': { writers: ['notifier'], readers: ['teams'] },
  'ingress.replies': { writers: ['coupon-issuer', 'payment'], readers: ['ingress'] },
};

/** Topics whose readers put aside what they cannot read. */
export const withDeadLetters: readonly TopicName[] = [
  'wechat.inbound',
  'coupon.commands',
  'coupon.events',
  'payment.commands',
  'payment.notifications',
  'payment.events',
  'notifier.commands',
];
