import type { JsonSchema } from './json-schema.ts';
import type { Text } from './text.ts';

/** A header of every record, after CloudEvents' Kafka binding in binary mode. */
export type Header = { name: string; about: Text; schema: JsonSchema; required: boolean };

const text = { type: 'string' };

export const headers: readonly Header[] = [
  {
    name: 'ce_specversion',
    about: { zh: 'CloudEvents 版本', en: "CloudEvents' version" },
    schema: { ...text, const: '1.0' },
    required: true,
  },
  {
    name: 'ce_id',
    about: {
      zh: '事件编号：同一事件无论发布几次都相同，请按它去重',
      en: "the event's id: the same however often it is published; tell repeats by it",
    },
    schema: { ...text, format: 'uuid' },
    required: true,
  },
  { name: 'ce_source', about: { zh: '由谁写入', en: 'who says it' }, schema: text, required: true },
  { name: 'ce_type', about: { zh: '事件类型', en: 'what kind of event it is' }, schema: text, required: true },
  {
    name: 'ce_time',
    about: { zh: '发生时刻（UTC）', en: 'when it happened (UTC)' },
    schema: { ...text, format: 'date-time' },
    required: true,
  },
  {
    name: 'content-type',
    about: { zh: '值的编码', en: 'how the value is written' },
    schema: { ...text, const: 'application/protobuf' },
    required: true,
  },
  {
    name: 'traceparent',
    about: { zh: 'W3C 追踪上下文，从最初的推送一路带下来', en: 'W3C trace context of the push it began with' },
    schema: { ...text, pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
    required: false,
  },
  {
    name: 'reply-to',
    about: {
      zh: '谁在等结果：实例;分区;截止毫秒。仅供内部使用',
      en: 'who waits for the outcome: instance;partition;deadline in milliseconds. Internal',
    },
    schema: { ...text, pattern: '^[^;]+;[0-9]+;[0-9]+$' },
    required: false,
  },
];

/** What a record among the dead letters carries beside the headers it came with. */
export const deadLetterHeaders: readonly Header[] = [
  ['dlq-topic', '原主题（不含系统前缀）', "the topic it came from, without the system's prefix"],
  ['dlq-partition', '原分区', 'its partition there'],
  ['dlq-offset', '原偏移', 'its offset there'],
  ['dlq-reason', '读不了的原因', 'why it could not be read'],
].map(([name, zh, en]) => ({ name: name!, about: { zh: zh!, en: en! }, schema: text, required: true }));
