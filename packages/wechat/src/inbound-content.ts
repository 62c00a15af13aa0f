import type { MessageInitShape } from '@bufbuild/protobuf';
import type { InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { FieldReader } from './field-reader.ts';

/** The part of an InboundPush that differs by type. */
export type Content = NonNullable<MessageInitShape<typeof InboundPushSchema>['content']>;

/** Reads one type's fields. `scene` is what sceneOf says of the push, '' for none. */
export type ContentReader = (push: FieldReader, scene: string) => Content;
