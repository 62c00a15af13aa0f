import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { pushId, toHeaders, topics } from '@lingquan/events';
import type { ReplyAddress } from '@lingquan/events';
import { CouponCommandSchema, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { CouponRulesSchema, CouponValueSchema } from '@lingquan/events/coupon.ts';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { isolate, until } from '@lingquan/test-kit';
import { Client } from 'pg';
import { databaseName } from '@lingquan/postgres';
import { config } from '../src/config.ts';
import type { Basket } from '../src/domain/basket.ts';
import type { LifeCommand } from '../src/domain/life.ts';
import { start } from '../src/main.ts';

export const appid = 'wx1';
export const codeSecret = 'ab'.repeat(32);
export const atMs = Date.UTC(2026, 5, 1);

type Command = NonNullable<MessageInitShape<typeof CouponCommandSchema>['command']>;

const newId = (): string => randomUUID();

/** A push of a follower as ingress publishes it; the same `msgId` is the same push. */
export function push(
  openid: string,
  {
    msgId = newId(),
    text = '优惠券',
    timeMs = atMs,
    replyTo = undefined as { instance: string; partition: number; deadlineMs: number } | undefined,
  } = {},
): OutgoingRecord {
  const message = create(InboundPushSchema, {
    appid,
    accountKind: AccountKind.OFFICIAL_ACCOUNT,
    openid,
    msgId,
    content: { case: 'text', value: { content: text } },
  });
  const id = pushId(appid, msgId);
  return {
    topic: topics.wechatInbound.name,
    key: `${appid}:${openid}`,
    value: Buffer.from(toBinary(InboundPushSchema, message)),
    headers: toHeaders({ id, source: 'ingress', type: 'wechat.text', timeMs }, replyTo),
  };
}

type CommandOptions = { id?: string; timeMs?: number; replyTo?: ReplyAddress };

export function command(
  key: string,
  value: Command,
  { id = newId(), timeMs = atMs, replyTo }: CommandOptions = {},
): OutgoingRecord {
  return {
    topic: topics.couponCommands.name,
    key,
    value: Buffer.from(toBinary(CouponCommandSchema, create(CouponCommandSchema, { command: value }))),
    headers: toHeaders({ id, source: 'test', type: `coupon.${value.case}`, timeMs }, replyTo),
  };
}

/** A command on a coupon, as payment, a till or an operator gives it. */
export const lifeCommand = (code: string, given: LifeCommand, options: CommandOptions = {}): OutgoingRecord =>
  command('follower', messageOf(code, given), options);

const basketMessage = ({ lines, shop, amountFen }: Basket) => ({
  lines: lines.map((line) => ({ ...line, unitPriceFen: BigInt(line.unitPriceFen) })),
  shop,
  amountFen: BigInt(amountFen),
});

function messageOf(code: string, given: LifeCommand): Command {
  switch (given.kind) {
    case 'lock': {
      const { outTradeNo, appid: owner, openid, basket, untilMs } = given;
      const value = { code, outTradeNo, appid: owner, openid, basket: basketMessage(basket) };
      return { case: 'lockCoupon', value: { ...value, until: timestampFromMs(untilMs) } };
    }
    case 'redeem':
      return { case: 'redeemCoupon', value: { code, by: { case: 'order', value: { outTradeNo: given.outTradeNo } } } };
    case 'redeem at till': {
      const { shop, cashier, basket } = given;
      const till = { shop, cashier, basket: basketMessage(basket) };
      return { case: 'redeemCoupon', value: { code, by: { case: 'till', value: till } } };
    }
    case 'release':
      return { case: 'releaseCoupon', value: { code, outTradeNo: given.outTradeNo } };
    case 'return':
      return { case: 'returnCoupon', value: { code, outTradeNo: given.outTradeNo } };
    case 'revoke':
      return { case: 'revokeCoupon', value: { code, reason: given.reason } };
    default:
      return given satisfies never;
  }
}

type CampaignOptions = {
  stock?: number;
  limitPerUser?: number;
  keyword?: string;
  value?: MessageInitShape<typeof CouponValueSchema>;
  rules?: MessageInitShape<typeof CouponRulesSchema>;
};

export const createCampaign = (
  campaignId: string,
  {
    stock = 10,
    limitPerUser = 1,
    keyword = '优惠券',
    value = { kind: CouponKind.AMOUNT, valueFen: 500n },
    rules,
  }: CampaignOptions = {},
): OutgoingRecord =>
  command(campaignId, {
    case: 'createCampaign',
    value: {
      campaignId,
      terms: {
        appid,
        name: '春日券',
        keyword,
        match: KeywordMatch.EXACT,
        stock: BigInt(stock),
        limitPerUser,
        value,
        ...(rules && { rules }),
      },
    },
  });

/** A coupon issuer of its own on real servers, stopped and removed by `await using`. */
export async function issuerSystem(name: string, { timers = 'off' } = {}) {
  const isolated = isolate(name);
  const fatal: Error[] = [];
  const settings = config({ ...isolated.env, COUPON_ISSUER_PORT: '0', COUPON_CODE_SECRET: codeSecret, TIMERS: timers });
  const launch = () => start(settings, { log: isolated.log, onFatal: (error) => void fatal.push(error) });
  let running = await launch();
  const producer = isolated.kafka.producer();
  await until(() => producer.ready().then(() => true), 'the producer is connected');
  const url = new URL(isolated.env.POSTGRES_URL);
  url.pathname = `/${databaseName(isolated.prefix, 'coupon_issuer')}`;
  const rows = async <R extends object>(text: string): Promise<R[]> => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    const result = await client.query<R>(text);
    await client.end();
    return result.rows;
  };
  return {
    ...isolated,
    fatal,
    databaseUrl: url.href,
    publish: producer.publish,
    get: async (path: string): Promise<unknown> => (await fetch(running.url + path)).json(),
    rows,
    get url() {
      return running.url;
    },
    /** Resolves when the store stands at the end of every partition it reads and its outbox is empty. */
    settled: () =>
      until(async () => {
        const positions = await rows<{ topic: string; partition: number; next_offset: string }>(
          'select * from position',
        );
        for (const topic of [topics.wechatInbound.name, topics.couponCommands.name]) {
          for (const { partition, high } of await isolated.kafka.offsets(topic)) {
            if (
              Number(positions.find((row) => row.topic === topic && row.partition === partition)?.next_offset) !== high
            )
              return false;
          }
        }
        return (await rows('select 1 from outbox')).length === 0;
      }, 'the issuer caught up'),
    restart: async (meanwhile: () => Promise<void> = async () => undefined) => {
      await running.stop();
      await meanwhile();
      running = await launch();
    },
    [Symbol.asyncDispose]: async () => {
      await running.stop();
      await producer.stop();
      await isolated.remove();
    },
  };
}
