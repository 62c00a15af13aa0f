import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import * as couponIssuer from '@lingquan/coupon-issuer';
import { config as couponIssuerConfig } from '@lingquan/coupon-issuer/config.ts';
import { pushId, toHeaders, topics } from '@lingquan/events';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { isolate, until } from '@lingquan/test-kit';
import { lingquan } from './lingquan.ts';

const appid = 'wx0000000000000001';

function push(openid: string, msgId: string) {
  const message = create(InboundPushSchema, {
    appid,
    accountKind: AccountKind.OFFICIAL_ACCOUNT,
    openid,
    msgId,
    content: { case: 'text', value: { content: '春日' } },
  });
  const envelope = { id: pushId(appid, msgId), source: 'ingress', type: 'wechat.text', timeMs: Date.now() };
  return {
    topic: topics.wechatInbound.name,
    key: appid + openid,
    value: Buffer.from(toBinary(InboundPushSchema, message)),
    headers: toHeaders(envelope, { instance: 'test', partition: 0, deadlineMs: Date.now() + 4500 }),
  };
}

function paymentReply() {
  const envelope = { id: randomUUID(), source: 'payment', type: 'ingress.reply', timeMs: Date.now() };
  const value = Buffer.from(toBinary(ReplySchema, create(ReplySchema, { causeId: randomUUID() })));
  return { topic: topics.ingressReplies.name, key: 'test', value, headers: toHeaders(envelope) };
}

/**
 * A running issuer with one campaign, whose 40 coupons and then 20 more were fought over in 150 pushes, and the recording of it: 152 records
 * decided, 60 claims.
 */
export async function replayableSystem(name: string) {
  await using opened = new AsyncDisposableStack();
  const system = isolate(name);
  opened.defer(() => system.remove());
  const dir = await mkdtemp(join(tmpdir(), 'lingquan-replay-'));
  opened.defer(() => rm(dir, { recursive: true }));
  const file = join(dir, 'recorded.lqrec');
  const env: Record<string, string> = { ...system.env, WECHAT_APP_ID: appid, COUPON_CODE_SECRET: 'cd'.repeat(32) };
  const host = { log: system.log, onFatal: (error: Error) => system.log.error({ err: error }, 'cannot go on') };
  const issuer = await couponIssuer.start(couponIssuerConfig({ ...env, COUPON_ISSUER_PORT: '0' }), host);
  opened.defer(() => issuer.stop());
  env['COUPON_ISSUER_URL'] = issuer.url;
  const producer = system.kafka.producer();
  opened.defer(() => producer.stop());
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  const replies = async () =>
    (await system.kafka.offsets(topics.ingressReplies.name)).reduce((sum, { high }) => sum + high, 0);

  const terms = '--keyword 春日 --name 春日券 --kind amount --value-fen 500 --stock 40 --limit 1 --json';
  const made = await lingquan(env, 'campaign', 'create', ...terms.split(' '));
  const { campaignId } = made.json() as { campaignId: string };
  // 90 followers for 40 coupons, some of whom ask twice.
  await producer.publish(Array.from({ length: 120 }, (_, i) => push(`oFollower${i % 90}`, `message-${i}`)));
  await until(async () => (await replies()) === 120, 'every push has its reply');
  await lingquan(env, 'campaign', 'stock', campaignId, '+20', '--json');
  await producer.publish(Array.from({ length: 30 }, (_, i) => push(`oLate${i}`, `late-${i}`)));
  await until(async () => (await replies()) === 150, 'every push has its reply');
  await producer.publish([paymentReply()]); // payment answers on the same topic: not the issuer's word, and no part of a replay
  await lingquan(env, 'record', '--out', file, '--json');
  const running = opened.move();
  return { env, dir, file, campaignId, log: system.log, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
