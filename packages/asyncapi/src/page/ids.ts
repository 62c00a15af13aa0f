import type { DescMessage } from '@bufbuild/protobuf';
import type { TopicName } from '@lingquan/events/catalogue.ts';

/** Where a topic stands in the page. An event stands at its ce_type, which may be a topic's name too. */
export const topicId = (name: TopicName): string => `topic-${name}`;

/** Where a message of the page's last chapter stands. */
export const typeId = ({ typeName }: DescMessage): string => `type-${typeName}`;
