/** One topic: its name without the system's prefix, how many partitions it starts with, and what the broker keeps. */
export type TopicDefinition = { name: string; partitions: number; config?: Record<string, string> };

const days = (n: number) => String(n * 24 * 3600 * 1000);

/**
 * Every topic of the system. Few partitions: the cost is per request, not per message, and a small machine is better off
 * with full requests (partitions can be added, a follower's order then changes once, at the change).
 */
export const topics = {
  wechatInbound: { name: 'wechat.inbound', partitions: 2, config: { 'retention.ms': days(30) } },
  couponCommands: { name: 'coupon.commands', partitions: 1, config: { 'retention.ms': days(365) } },
  couponEvents: { name: 'coupon.events', partitions: 2, config: { 'retention.ms': days(365) } },
  couponJournal: { name: 'coupon.journal', partitions: 1, config: { 'retention.ms': days(365) } },
  paymentCommands: { name: 'payment.commands', partitions: 1, config: { 'retention.ms': days(365) } },
  paymentNotifications: { name: 'payment.notifications', partitions: 1, config: { 'retention.ms': days(365) } },
  paymentEvents: { name: 'payment.events', partitions: 1, config: { 'retention.ms': days(365) } },
  notifierCommands: { name: 'notifier.commands', partitions: 1, config: { 'retention.ms': days(7) } },
  notifierEvents: { name: 'notifier.events', partitions: 1, config: { 'retention.ms': days(30) } },
  ingressReplies: { name: 'ingress.replies', partitions: 4, config: { 'retention.ms': String(3600 * 1000) } },
} as const satisfies Record<string, TopicDefinition>;

/** The dead letters of a topic: same keys, the bytes as they came, the reason in headers. */
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;
