import type { Event, Topic } from './events.ts';
import { parties } from './parties.ts';
import type { Party } from './parties.ts';
import { both, durationText } from './text.ts';

const prefix = {
  prefix: { default: '', description: 'TOPIC_PREFIX：系统前缀，通常为空 of the system, usually empty' },
};
const servers = [{ $ref: '#/servers/kafka' }];

/** A topic as a channel of the document. */
export function channelOf({ name, words, partitions, retentionMs, events }: Topic) {
  const kept = durationText(retentionMs);
  return {
    address: `{prefix}${name}`,
    title: `${words.name.zh} ${words.name.en}`,
    summary: words.about.zh,
    description: both({
      zh: `${words.about.zh}\n\n键：${words.key.zh}。保留 ${kept.zh}，初始 ${partitions} 个分区。`,
      en: `${words.about.en}\n\nKey: ${words.key.en}. Kept for ${kept.en}, ${partitions} partition${partitions === 1 ? '' : 's'} at the start.`,
    }),
    servers,
    parameters: prefix,
    messages: Object.fromEntries(events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
    bindings: {
      kafka: {
        topic: name,
        partitions,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionMs },
        bindingVersion: '0.5.0',
      },
    },
  };
}

/** The dead letters of every topic that has some. */
export const deadLetterChannel = (names: readonly string[]) => ({
  address: '{prefix}{topic}',
  title: '死信 Dead letters',
  description: both({
    zh: '读者读不了的记录：键、值和头原样保留，另加原因与原位置。一个分区，保留时间随 broker 的默认设置。',
    en: "What a reader could not read: key, value and headers as they came, with the reason and where it stood. One partition, kept as the broker's default says.",
  }),
  servers,
  parameters: { ...prefix, topic: { enum: [...names], description: '死信主题 the topic of the dead letters' } },
  messages: { 'dead-letter': { $ref: '#/components/messages/dead-letter' } },
});

/** Who sends to a topic and who receives from it: an operation for each, the system being the application the document describes. */
export function operationsOf(topic: Topic): [string, object][] {
  const { name, events, writers, readers } = topic;
  const sends = writers.map((who) =>
    operation(
      'send',
      who,
      topic,
      events.filter((event) => event.writers.includes(who)),
    ),
  );
  const receives = readers.map((who) => operation('receive', who, topic, events));
  return [...sends, ...receives].map((one) => [`${one.tags[0].name}.${one.action}.${name}`, one]);
}

function operation(action: 'send' | 'receive', who: Party, { name }: Topic, events: readonly Event[]) {
  const does = action === 'send' ? { zh: '写入', en: 'writes' } : { zh: '读取', en: 'reads' };
  return {
    action,
    channel: { $ref: `#/channels/${name}` },
    summary: `${parties[who].zh} ${who} ${does.zh} ${does.en} ${name}`,
    tags: [{ name: who, description: both(parties[who]) }] as const,
    messages: events.map(({ type }) => ({ $ref: `#/channels/${name}/messages/${type}` })),
  };
}
