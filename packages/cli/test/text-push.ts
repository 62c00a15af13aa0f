import { create, toBinary } from '@bufbuild/protobuf';
import { pushId, toHeaders, topics } from '@lingquan/events';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';

export const appid = 'wx0000000000000001';

/** A text message on wechat.inbound as ingress puts it there. */
export function textPush(openid: string, text: string, msgId: string) {
  const message = create(InboundPushSchema, {
    appid,
    accountKind: AccountKind.OFFICIAL_ACCOUNT,
    openid,
    msgId,
    content: { case: 'text', value: { content: text } },
  });
  const envelope = { id: pushId(appid, msgId), source: 'ingress', type: 'wechat.text', timeMs: Date.now() };
  return {
    topic: topics.wechatInbound.name,
    key: appid + openid,
    value: Buffer.from(toBinary(InboundPushSchema, message)),
    headers: toHeaders(envelope),
  };
}
