import { create } from '@bufbuild/protobuf';
import {
  AccountKind,
  InboundPushSchema,
  type InboundPush,
} from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { Account } from './account.ts';
import { FieldReader } from './field-reader.ts';
import { type Fields } from './fields.ts';
import { cardEvents } from './inbound-cards.ts';
import type { Content, ContentReader } from './inbound-content.ts';
import { accountEvents, miniProgramEvents } from './inbound-events.ts';
import { messages } from './inbound-messages.ts';
import { sceneOf } from './identity.ts';

/**
 * The push as a typed event. MsgType and Event count in any case (reference 3.1). Nothing is dropped: types not known here come as
 * `unknown` with all their fields; what a known type has no place for, and a number that is none, stands in `otherFields`.
 */
export function toInboundPush(account: Pick<Account, 'appid' | 'kind'>, fields: Fields): InboundPush {
  const reader = new FieldReader(fields);
  const common = {
    appid: account.appid,
    accountKind: account.kind === 'mini-program' ? AccountKind.MINI_PROGRAM : AccountKind.OFFICIAL_ACCOUNT,
    openid: reader.text('FromUserName'),
    toUserName: reader.text('ToUserName'),
    createTime: reader.time('CreateTime'),
    msgId: reader.text('MsgId'),
    msgDataId: reader.text('MsgDataId'),
    idx: reader.int('Idx'),
  };
  const content = contentOf(fields, reader);
  return create(InboundPushSchema, { ...common, content, otherFields: reader.rest() });
}

function contentOf(fields: Fields, reader: FieldReader): Content {
  const msgType = reader.text('MsgType');
  const isEvent = msgType.toLowerCase() === 'event';
  const event = isEvent ? reader.text('Event') : '';
  const read = isEvent ? events.get(event.toLowerCase()) : messageTypes.get(msgType.toLowerCase());
  if (read) return read(reader, sceneOf(fields) ?? '');
  return { case: 'unknown', value: { msgType, event, fields: reader.takeRest() } };
}

const messageTypes = new Map<string, ContentReader>(Object.entries(messages));
const events = new Map<string, ContentReader>(
  Object.entries({ ...accountEvents, ...cardEvents, ...miniProgramEvents }),
);
