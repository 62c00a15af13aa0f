import { decode, envelopeOf, replyAddressOf } from '@lingquan/events';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { InboundPush } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import { readTextPush } from '../codec/push.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { Trigger } from '../domain/keyword.ts';

/** A record of wechat.inbound as an attempt. Throws `invalid` on what is no push. */
export function attemptOf({ value, headers }: IncomingRecord): Attempt {
  const text = value === null ? undefined : readTextPush(value);
  const push = text ?? decode(InboundPushSchema, value);
  return {
    envelope: envelopeOf(headers),
    appid: push.appid,
    openid: push.openid,
    trigger: text === undefined ? triggerOf(push as InboundPush) : { kind: 'text', value: text.content.trim() },
    tell: push.accountKind === AccountKind.MINI_PROGRAM ? 'customer-service' : 'reply',
    replyTo: replyAddressOf(headers),
  };
}

function triggerOf({ content }: InboundPush): Trigger | undefined {
  switch (content.case) {
    case 'text':
      return { kind: 'text', value: content.value.content.trim() };
    case 'click':
    case 'scan':
      return { kind: 'key', value: content.value.eventKey };
    case 'subscribe':
      return { kind: 'key', value: content.value.scene };
    default:
      return undefined;
  }
}
