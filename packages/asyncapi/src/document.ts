import { deadLetterTopic } from '@lingquan/events';
import { channelOf, deadLetterChannel, operationsOf } from './channels.ts';
import type { Event, Topic } from './events.ts';
import { deadLetterHeaders, headers } from './headers.ts';
import type { Header } from './headers.ts';
import { eventSchema, jsonSchema, reachable } from './json-schema.ts';
import { deadLetterMessage, messageOf, protoName, PROTOBUF } from './messages.ts';
import { withDeadLetters } from './parties.ts';
import { schemaText } from './schemas.ts';
import { both } from './text.ts';

/** AsyncAPI 3.0 over every topic: https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function asyncapiDocument(topics: readonly Topic[]) {
  const events = topics.flatMap((topic) => topic.events);
  return {
    asyncapi: '3.0.0',
    info: {
      title: '领券 Lingquan',
      version: '1.0.0',
      description: both({
        zh: '领券系统的全部 Kafka 主题与事件。值为 Protobuf，头遵循 CloudEvents 的 Kafka 绑定（二进制模式）；每条消息的 `x-json` 是同一内容的 JSON 形式，示例均为系统实际写下的记录。本文件由 `npm run generate` 从 `proto/` 生成。',
        en: 'Every Kafka topic and event of Lingquan. Values are Protobuf, headers follow the Kafka binding of CloudEvents in binary mode; `x-json` of each message is the same value as JSON, and the examples are records the system wrote. Generated from `proto/` by `npm run generate`.',
      }),
    },
    defaultContentType: 'application/protobuf',
    servers: { kafka },
    channels: {
      ...Object.fromEntries(topics.map((topic) => [topic.name, channelOf(topic)])),
      dlq: deadLetterChannel(withDeadLetters.map(deadLetterTopic)),
    },
    operations: Object.fromEntries(topics.flatMap(operationsOf)),
    components: {
      messages: {
        ...Object.fromEntries(events.map((event) => [event.type, messageOf(event)])),
        'dead-letter': deadLetterMessage,
      },
      schemas: schemasOf(topics, events),
    },
  };
}

const kafka = {
  host: '{brokers}',
  protocol: 'kafka',
  description: both({
    zh: '系统的 Kafka；`npm start` 会打印本机的地址。',
    en: "The system's Kafka; `npm start` prints the local address.",
  }),
  variables: { brokers: { default: '127.0.0.1:9092', description: 'KAFKA_BROKERS' } },
};

function schemasOf(topics: readonly Topic[], events: readonly Event[]) {
  const values = topics.map(({ value }) => value);
  const messages = reachable(values);
  const files = new Set([...values, ...messages.values()].map(({ file }) => file.name));
  return {
    headers: headersSchema(headers),
    'dead-letter-headers': headersSchema(deadLetterHeaders),
    ...Object.fromEntries(events.map((event) => [event.type, eventSchema(event)])),
    ...Object.fromEntries([...messages].map(([name, message]) => [name, jsonSchema(message)])),
    ...Object.fromEntries(
      [...files].map((file) => [protoName(file), { schemaFormat: PROTOBUF, schema: schemaText(file) }]),
    ),
  };
}

const headersSchema = (list: readonly Header[]) => ({
  type: 'object',
  properties: Object.fromEntries(
    list.map(({ name, about, schema }) => [name, { ...schema, description: both(about) }]),
  ),
  required: list.flatMap(({ name, required }) => (required ? [name] : [])),
});
