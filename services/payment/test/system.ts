import { randomBytes } from 'node:crypto';
import { decode, envelopeOf, topics } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { PayApi, PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { databaseName } from '@lingquan/postgres';
import { isolate, readTopic, until } from '@lingquan/test-kit';
import { Client } from 'pg';
import { config } from '../src/config.ts';
import type { orderView } from '../src/http/order-view.ts';
import { start } from '../src/main.ts';
import type { Patience } from '../src/main.ts';
import { createOrder, notification } from './records.ts';
import type { Wanted } from './records.ts';
import { appid, wechatPayStand } from './wechat-pay.ts';

export type OrderView = ReturnType<typeof orderView>;
type Options = { patience?: Patience; env?: Record<string, string> };

/** Payment of its own on real servers, with WeChat Pay beside it; removed by `await using`. */
export async function paymentSystem(name: string, { patience = {}, env: more = {} }: Options = {}) {
  const isolated = isolate(name);
  const { kafka, log } = isolated;
  const wechatPay = await wechatPayStand();
  const env: Record<string, string> = {
    ...isolated.env,
    PAYMENT_PORT: '0',
    PAYMENT_REFUND_GAP_SECONDS: '0',
    WECHAT_PAY_URL: wechatPay.url,
    WECHAT_PAY_V2_TLS_URL: wechatPay.tlsUrl,
    WECHAT_PAY_DIR: wechatPay.merchantDir,
    WECHAT_PAY_NOTIFY_URL: wechatPay.notifyUrl,
    ...more,
  };
  const fatal: Error[] = [];
  const quick: Patience = { calls: { timeoutMs: 2000, retry: { attemptsMax: 1 } }, ...patience };
  const launch = () => start(config(env), { log, onFatal: (error) => void fatal.push(error) }, quick);
  const running = [await launch()];
  const stopAll = async () => {
    for (const one of running.splice(0)) await one.stop();
  };
  const producer = kafka.producer();
  await until(async () => producer.ready().then(() => true), 'the producer is connected');
  const connect = async (): Promise<Client> => {
    const connectionString = `${env['POSTGRES_URL']}/${databaseName(isolated.prefix, 'payment')}`;
    const client = new Client({ connectionString });
    await client.connect();
    return client;
  };
  const database = await connect();

  const url = () => running[0]!.url;
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(url() + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const rows = async <T extends object>(text: string, values: unknown[] = []) =>
    (await database.query<T>(text, values)).rows;
  const publish = (...records: OutgoingRecord[]) => producer.publish(records);
  const order = (outTradeNo: string) => get<OrderView>(`/orders/${outTradeNo}`);

  const has = (outTradeNo: string, what: string, check: (order: OrderView) => boolean): Promise<OrderView> =>
    until(
      async () => {
        const found = await order(outTradeNo);
        return check(found) && found;
      },
      `order ${outTradeNo} is ${what}`,
      40_000,
    );

  /** What stands on a topic once everything that is decided has been said: a store is ahead of what its relay has published. */
  const said = async (topic: string) => {
    await until(async () => (await rows('select 1 from outbox')).length === 0, 'everything is published');
    return readTopic(kafka, topic);
  };
  const events = async (outTradeNo: string) =>
    (await said(topics.paymentEvents.name))
      .map(({ headers, value }) => ({ ...decode(PaymentEventSchema, value), type: envelopeOf(headers).type }))
      .filter((event) => event.outTradeNo === outTradeNo);
  const couponCommands = async (outTradeNo: string) =>
    (await said(topics.couponCommands.name))
      .map(({ headers, value }) => ({ ...envelopeOf(headers), command: decode(CouponCommandSchema, value).command }))
      .filter(({ command }) =>
        JSON.stringify(command, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v)).includes(outTradeNo),
      );
  const replies = async (outTradeNo: string) =>
    (await said(topics.ingressReplies.name))
      .map(({ value, partition, key }) => ({ ...decode(ReplySchema, value), partition, key: String(key) }))
      .filter(({ outcome }) => (outcome.value as { outTradeNo?: string }).outTradeNo === outTradeNo);

  const system = {
    ...isolated,
    env,
    wechatPay,
    fatal,
    url,
    get,
    rows,
    /** To payment's own database; the caller ends it. */
    connect,
    publish,
    said,
    order,
    has,
    events,
    couponCommands,
    replies,
    stopAll,
    startAnother: async () => void running.push(await launch()),
    newNumber: () => `T${randomBytes(6).toString('hex')}`,
    /** An order that was commanded and can be paid (with a coupon: is waiting for it). */
    ordered: async (differs: Partial<Wanted> = {}): Promise<string> => {
      const outTradeNo = differs.outTradeNo ?? system.newNumber();
      await publish(createOrder({ openid: wechatPay.openid, ...differs, outTradeNo }));
      if (differs.couponCode === undefined) await system.ready(outTradeNo);
      else await until(async () => (await order(outTradeNo)).state === 'locking', 'it waits for its coupon');
      return outTradeNo;
    },
    ready: (outTradeNo: string) =>
      until(
        async () => (await fetch(`${url()}/orders/${outTradeNo}/payment`)).status === 200,
        `${outTradeNo} can be paid`,
      ),
    /** The payer pays with the parameters this service signs. */
    pay: async (outTradeNo: string) => wechatPay.pay(await get(`/orders/${outTradeNo}/payment`)),
    /** WeChat Pay's notice about an order, as ingress publishes it. */
    paidNotice: async (outTradeNo: string, differs: object = {}): Promise<OutgoingRecord> => {
      const { order: there } = await wechatPay.order(outTradeNo);
      return notification(outTradeNo, {
        case: 'transaction',
        value: {
          api: PayApi.V3,
          mchid: wechatPay.mchid,
          appid,
          outTradeNo,
          transactionId: there.transactionId ?? '',
          tradeState: 'SUCCESS',
          totalFen: BigInt(there.totalFen),
          currency: 'CNY',
          ...differs,
        },
      });
    },
    refundNotice: async (outTradeNo: string, outRefundNo: string, differs: object = {}): Promise<OutgoingRecord> => {
      const { order: there, refunds } = await wechatPay.order(outTradeNo);
      const refund = refunds.find((one) => one.outRefundNo === outRefundNo);
      return notification(outTradeNo, {
        case: 'refund',
        value: {
          api: PayApi.V3,
          mchid: wechatPay.mchid,
          outTradeNo,
          transactionId: there.transactionId ?? '',
          outRefundNo,
          refundId: refund?.refundId ?? '',
          status: refund?.state ?? 'SUCCESS',
          totalFen: BigInt(refund?.totalFen ?? there.totalFen),
          refundFen: BigInt(refund?.refundFen ?? 1),
          ...differs,
        },
      });
    },
    paid: async (outTradeNo: string): Promise<OrderView> => {
      await system.pay(outTradeNo);
      await publish(await system.paidNotice(outTradeNo));
      return has(outTradeNo, 'paid', ({ state }) => state === 'paid');
    },
    /** Makes a call due now that is due some time. */
    hurry: (kind: string, key: string) =>
      until(
        async () =>
          (await rows(`update task set due_at = now() where kind = $1 and key = $2 returning 1`, [kind, key])).length >
          0,
        `there is a call ${kind} of ${key}`,
      ),
    incidents: async (outTradeNo: string) =>
      (
        await get<{
          items: { incidentId: string; kind: string; outTradeNo: string; evidence: object; note: string | null }[];
        }>('/incidents?limit=200')
      ).items.filter((one) => one.outTradeNo === outTradeNo),
    /** Sums by account of one order, and that every transaction of the ledger is balanced. */
    ledger: async (outTradeNo: string): Promise<Record<string, number>> => {
      const { sumFen } = await get<{ sumFen: number }>('/ledger');
      if (sumFen !== 0) throw new Error(`the ledger sums to ${sumFen}`);
      const sums = await rows<{ account: string; fen: string }>(
        'select account, sum(fen) as fen from ledger_entry where out_trade_no = $1 group by account having sum(fen) <> 0',
        [outTradeNo],
      );
      return Object.fromEntries(sums.map(({ account, fen }) => [account, Number(fen)]));
    },
    metric: async (line: string) =>
      (await (await fetch(`${url()}/metrics`)).text()).split('\n').find((one) => one.startsWith(line)),
    [Symbol.asyncDispose]: async () => {
      await stopAll();
      await producer.stop();
      await database.end();
      await wechatPay.stop();
      await isolated.remove();
    },
  };
  return system;
}

export type PaymentSystem = Awaited<ReturnType<typeof paymentSystem>>;
