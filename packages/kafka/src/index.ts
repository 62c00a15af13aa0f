export { connectKafka } from './connect.ts';
export type { Kafka } from './connect.ts';
export type { Consumer, ConsumerOptions } from './consumer.ts';
export type { Producer } from './producer.ts';
export type { OffsetRange, TopicEnds } from './read-topic.ts';
export { PositionGap } from './rounds.ts';
export type { IncomingRecord, OutgoingRecord, PartitionBatch, TimedBatch } from './records.ts';
