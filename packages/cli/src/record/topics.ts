import { deadLetterTopic, topics } from '@lingquan/events';

const { wechatInbound, couponCommands, couponJournal, couponEvents, ingressReplies, paymentNotifications } = topics;

/** What a replay needs and what its outcome is compared with, and beside it what payment and the notifier said. */
export const recordedTopics: readonly string[] = [
  // Ends are looked up in this order: of whatever has a turn in the journal there is then all that was said in it, and whatever was said has
  // its cause among what follows.
  ...[couponJournal, couponEvents, ingressReplies, paymentNotifications].map(({ name }) => name),
  ...[wechatInbound, couponCommands].map(({ name }) => deadLetterTopic(name)),
  ...[wechatInbound, couponCommands, topics.paymentCommands, topics.paymentEvents].map(({ name }) => name),
  ...[topics.notifierCommands, topics.notifierEvents].map(({ name }) => name),
];
