import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { decode, envelopeOf, outcomeId, replyAddressOf, toHeaders, topics } from '@lingquan/events';
import type { Envelope, ReplyAddress } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import type { CouponCommand } from '@lingquan/events/coupon.ts';
import { PaymentCommandSchema } from '@lingquan/events/payment.ts';
import type { PaymentCommand } from '@lingquan/events/payment.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import { isolate } from '@lingquan/test-kit';
import type { Isolated } from '@lingquan/test-kit';
import { request } from 'undici';
import { standIn } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';

export type Outcome = NonNullable<MessageInitShape<typeof ReplySchema>['outcome']>;

/** One command as it stood on its topic. */
export type Commanded = {
  topic: string;
  key: string;
  envelope: Envelope;
  replyTo: ReplyAddress | undefined;
  command: PaymentCommand['command'] | CouponCommand['command'];
};

export type Shop = Isolated & {
  /** Everything on payment.commands and coupon.commands so far. */
  commanded: Commanded[];
  /** What payment and the issuer say to a command; undefined: nothing. */
  decide: (commanded: Commanded) => Outcome | undefined;
  payment: StandIn;
  issuer: StandIn;
  wechat: StandIn;
  /** Settings of an ingress of this shop. */
  settings: Record<string, string>;
};

export const TILL_TOKEN = 'till-token-for-tests';

const goods = [
  { sku: 'latte', name: '拿铁', category: 'coffee', priceFen: 2800 },
  { sku: 'cake', name: '蛋糕', category: 'food', priceFen: 3600 },
];

/** A system with stand-ins for payment, the coupon issuer and the platform's log-in. `code-X` logs in the follower X. */
export async function openShop(name: string): Promise<Shop> {
  const isolated = isolate(name);
  const { kafka } = isolated;
  const [payment, issuer, wechat] = await Promise.all([
    standIn(() => ({ status: 404, json: { error: 'not_found' } })),
    standIn(() => ({ status: 404, json: { error: 'not_found' } })),
    standIn(({ query }) => {
      const code = query['js_code'] ?? query['code'] ?? '';
      return { json: code.startsWith('code-') ? { openid: code.slice(5), session_key: 'k' } : { errcode: 40029 } };
    }),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  writeFileSync(join(folder, 'goods.json'), JSON.stringify(goods));
  await kafka.ensureTopics([topics.paymentCommands, topics.couponCommands, topics.ingressReplies]);
  const producer = kafka.producer();
  const shop: Shop = {
    ...isolated,
    commanded: [],
    decide: () => undefined,
    payment,
    issuer,
    wechat,
    settings: {
      PAYMENT_URL: payment.url,
      COUPON_ISSUER_URL: issuer.url,
      WECHAT_API_URL: wechat.url,
      GOODS_FILE: join(folder, 'goods.json'),
      TILL_TOKEN,
    },
    remove: async () => {
      await consumer.stop();
      await producer.stop();
      await Promise.all([payment, issuer, wechat].map((one) => one.stop()));
      rmSync(folder, { recursive: true });
      await isolated.remove();
    },
  };
  const hear = async (record: IncomingRecord): Promise<void> => {
    const one = commandedOf(record);
    shop.commanded.push(one);
    const outcome = one.replyTo && shop.decide(one);
    if (outcome !== undefined) await producer.publish([replyOf(one, outcome)]);
  };
  const fatal = (error: Error) => {
    throw error;
  };
  const consumer = await kafka.consume({
    group: 'test-shop',
    topics: [topics.paymentCommands.name, topics.couponCommands.name],
    onRound: async (batches) => {
      await Promise.all(batches.flatMap(({ records }) => records.map(hear)));
    },
    onPoison: async (_, error) => fatal(error as Error),
    onFatal: fatal,
  });
  return shop;
}

function commandedOf({ topic, key, headers, value }: IncomingRecord): Commanded {
  const isCoupon = topic === topics.couponCommands.name;
  const { command } = isCoupon ? decode(CouponCommandSchema, value) : decode(PaymentCommandSchema, value);
  return { topic, key: String(key), envelope: envelopeOf(headers), replyTo: replyAddressOf(headers), command };
}

const replyOf = ({ envelope, replyTo }: Commanded, outcome: Outcome) => ({
  topic: topics.ingressReplies.name,
  partition: replyTo!.partition,
  key: replyTo!.instance,
  value: Buffer.from(toBinary(ReplySchema, create(ReplySchema, { causeId: envelope.id, outcome }))),
  headers: toHeaders({ ...envelope, id: outcomeId(envelope.id, 'ingress.reply'), type: 'ingress.reply' }, replyTo),
});

/** An answer in JSON as a client sees it. */
export type JsonAnswer = {
  status: number;
  // A test knows what it asked for.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
  headers: Record<string, string | string[] | undefined>;
};

export type Sending = { token?: string | undefined; key?: string; headers?: Record<string, string> };

/** Sends a request as a client would; `body` as it stands when it is text. */
export async function send(
  method: 'GET' | 'POST',
  url: string,
  body?: unknown,
  sending: Sending = {},
): Promise<JsonAnswer> {
  const { token, key, headers = {} } = sending;
  const answer = await request(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, json: text === '' ? undefined : JSON.parse(text), headers: answer.headers };
}
