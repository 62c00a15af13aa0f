import { create, toBinary } from '@bufbuild/protobuf';
import { toHeaders, topics, uuidOf } from '@lingquan/events';
import type { ReplyAddress } from '@lingquan/events';
import { NotifierCommandSchema } from '@lingquan/events/gen/lingquan/notifier/v1/commands_pb.ts';
import { InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { InboundPush } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { OutgoingRecord } from '@lingquan/kafka';

export const SOURCE = 'ingress';

/** One verified push. */
export type Push = {
  /** ce_id: the same whenever WeChat sends this push. */
  id: string;
  content: InboundPush;
  /** When the request came, milliseconds since 1970. */
  receivedAtMs: number;
  traceparent: string;
};

/** `wechat.text`, `wechat.scancode_waitmsg`, …: by the schema's own names. */
const types = new Map(InboundPushSchema.oneofs[0]!.fields.map(({ localName, name }) => [localName, `wechat.${name}`]));

/** The push on wechat.inbound; with `replyTo` its outcome is sent back here. */
export function inboundRecord(
  { id, content, receivedAtMs, traceparent }: Push,
  replyTo?: ReplyAddress,
): OutgoingRecord {
  const type = types.get(content.content.case ?? '') ?? 'wechat.unknown';
  return {
    topic: topics.wechatInbound.name,
    key: `${content.appid}:${content.openid}`,
    value: Buffer.from(toBinary(InboundPushSchema, content)),
    headers: toHeaders({ id, source: SOURCE, type, timeMs: receivedAtMs, traceparent }, replyTo),
  };
}

/** Asks the notifier to tell the outcome of a push that was answered empty. */
export function tellRecord({ id, content: { appid, openid }, receivedAtMs, traceparent }: Push): OutgoingRecord {
  const command = create(NotifierCommandSchema, {
    command: { case: 'tellOutcome', value: { causeId: id, appid, openid } },
  });
  const envelope = {
    id: uuidOf('tell', id),
    source: SOURCE,
    type: 'notifier.tell_outcome',
    timeMs: receivedAtMs,
    traceparent,
  };
  return {
    topic: topics.notifierCommands.name,
    key: openid,
    value: Buffer.from(toBinary(NotifierCommandSchema, command)),
    headers: toHeaders(envelope),
  };
}

/**
 * The trace a push begins when it brings none (W3C Trace Context). Taken from the push's id, which is a hash: nothing is
 * random, and a repeat belongs to the same trace.
 */
export function traceOf(id: string): string {
  const hex = id.replaceAll('-', '');
  return `00-${hex}-${hex.slice(16)}-01`;
}
