import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { appendCheck, digitsOf } from '@lingquan/coupon-issuer/domain/check-digit.ts';
import { outcomeId, pushId, toHeaders, topics, uuidOf } from '@lingquan/events';
import { CouponCommandSchema, CouponEventSchema, JournalEntrySchema, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { CampaignStatus, RefusalReason } from '@lingquan/events/coupon.ts';
import { InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { ProofRecord, Source } from '../src/proof/source.ts';

type CouponEventInit = NonNullable<MessageInitShape<typeof CouponEventSchema>['event']>;
type PaymentEventInit = NonNullable<MessageInitShape<typeof PaymentEventSchema>['event']>;

export const appid = 'wx1';
export const keyword = '优惠券';

type CampaignOptions = {
  id?: string;
  stock?: number;
  limit?: number;
  word?: string;
  match?: KeywordMatch;
  opensAtMs?: number;
  closesAtMs?: number;
};

/** The n-th coupon's code of the n-th campaign, as the issuer would write it with a permutation that changes nothing. */
export const codeOf = (serial: number, campaign = 1): string =>
  appendCheck(digitsOf(campaign, 3) + digitsOf(serial, 10));

/**
 * A day's topics in memory, written by the real encoders: everything is put where the issuer would put it, unless a test says otherwise. Time passes
 * by a second with each thing that happens.
 */
export function day() {
  const records: ProofRecord[] = [];
  const next = new Map<string, number>();
  const gone = new Map<string, number>();
  let sequence = 0;
  let nowMs = Date.UTC(2026, 5, 1);
  let things = 0;

  function put(
    topic: string,
    partition: number,
    value: Uint8Array,
    head: { id: string; type: string; timeMs: number },
  ): ProofRecord {
    const key = `${topic}/${partition}`;
    const offset = next.get(key) ?? 0;
    next.set(key, offset + 1);
    const headers = Object.entries(toHeaders({ ...head, source: 'test' })).map(([name, text]) => [
      name,
      Buffer.from(text),
    ]);
    const record = {
      topic,
      partition,
      offset,
      key: null,
      value: Buffer.from(value),
      headers: Object.fromEntries(headers),
    };
    records.push(record);
    return record;
  }

  const it = {
    records,
    get nowMs() {
      return nowMs;
    },
    pass: (ms: number): void => void (nowMs += ms),
    put,
    /** Removes a record that was written: retention of one, or loss. */
    remove: (record: ProofRecord): void => void records.splice(records.indexOf(record), 1),
    /** Retention takes a partition's records before this offset. */
    forget(topic: string, partition: number, before: number): void {
      gone.set(`${topic}/${partition}`, before);
      for (const record of records.slice())
        if (record.topic === topic && record.partition === partition && record.offset < before) it.remove(record);
    },
    /** These records, one after the other in one partition, had their turn. */
    turn(...batch: ProofRecord[]): ProofRecord {
      const [{ topic, partition, offset }] = batch as [ProofRecord];
      return it.journal({ topic, partition, first: offset, last: batch.at(-1)!.offset });
    },
    journal(line: { topic: string; partition: number; first: number; last: number }, number = ++sequence): ProofRecord {
      const entry = create(JournalEntrySchema, {
        sequence: BigInt(number),
        topic: line.topic,
        partition: line.partition,
        firstOffset: BigInt(line.first),
        lastOffset: BigInt(line.last),
      });
      const head = { id: uuidOf('journal', String(number)), type: 'coupon.journal', timeMs: nowMs };
      return put(topics.couponJournal.name, 0, toBinary(JournalEntrySchema, entry), head);
    },
    command(): { id: string; record: ProofRecord } {
      nowMs += 1000;
      const id = uuidOf('command', String(++things));
      const value = toBinary(CouponCommandSchema, create(CouponCommandSchema, {}));
      return { id, record: put(topics.couponCommands.name, 0, value, { id, type: 'coupon.command', timeMs: nowMs }) };
    },
    /** A fact of coupon.events, of the campaign c1 unless `about` says another. */
    fact(
      causeId: string,
      event: CouponEventInit,
      about: { openid?: string; campaignId?: string; partition?: number; type: string; timeMs?: number; what?: string },
    ): ProofRecord {
      const { openid = '', campaignId = 'c1', partition = 0, type, timeMs = nowMs, what = type } = about;
      const value = toBinary(
        CouponEventSchema,
        create(CouponEventSchema, { causeId, appid, campaignId, openid, event }),
      );
      return put(topics.couponEvents.name, partition, value, { id: outcomeId(causeId, what), type, timeMs });
    },
    create({
      id = 'c1',
      stock = 10,
      limit = 1,
      word = keyword,
      match = KeywordMatch.EXACT,
      opensAtMs = 0,
      closesAtMs = 0,
    }: CampaignOptions = {}): void {
      const { id: cause, record } = it.command();
      const window = {
        ...(opensAtMs === 0 ? {} : { opensAt: timestampFromMs(opensAtMs) }),
        ...(closesAtMs === 0 ? {} : { closesAt: timestampFromMs(closesAtMs) }),
      };
      const terms = { appid, name: id, keyword: word, match, stock: BigInt(stock), limitPerUser: limit, ...window };
      it.fact(cause, { case: 'campaignCreated', value: { terms } }, { campaignId: id, type: 'campaign.created' });
      it.turn(record);
    },
    change(stock: number, status: CampaignStatus, campaignId = 'c1'): void {
      const { id, record } = it.command();
      it.fact(
        id,
        { case: 'campaignChanged', value: { stock: BigInt(stock), status } },
        { campaignId, type: 'campaign.changed' },
      );
      it.turn(record);
    },
    /** A push, without its turn or its outcome. */
    push(
      openid: string,
      { text = keyword, partition = 0, msgId = String(++things) } = {},
    ): { id: string; record: ProofRecord } {
      nowMs += 1000;
      const id = pushId(appid, msgId);
      const push = create(InboundPushSchema, {
        appid,
        openid,
        msgId,
        content: { case: 'text', value: { content: text } },
      });
      return {
        id,
        record: put(topics.wechatInbound.name, partition, toBinary(InboundPushSchema, push), {
          id,
          type: 'wechat.text',
          timeMs: nowMs,
        }),
      };
    },
    granted: (
      causeId: string,
      openid: string,
      code: string,
      { campaignId = 'c1', partition = 0, expiresAtMs = 0 } = {},
    ): ProofRecord =>
      it.fact(
        causeId,
        {
          case: 'couponClaimed',
          value: { code, ...(expiresAtMs === 0 ? {} : { expiresAt: timestampFromMs(expiresAtMs) }) },
        },
        { openid, campaignId, partition, type: 'coupon.claimed' },
      ),
    refused: (
      causeId: string,
      openid: string,
      reason: RefusalReason,
      { campaignId = 'c1', partition = 0 } = {},
    ): ProofRecord =>
      it.fact(
        causeId,
        { case: 'couponClaimRefused', value: { reason } },
        { openid, campaignId, partition, type: 'coupon.claim_refused' },
      ),
    /** A push that gets this coupon, with its turn. */
    claim(openid: string, code: string, options: { partition?: number; expiresAtMs?: number } = {}): ProofRecord {
      const { id, record } = it.push(openid, options);
      const fact = it.granted(id, openid, code, options);
      it.turn(record);
      return fact;
    },
    /** A push that gets nothing, with its turn. */
    refuse(openid: string, reason: RefusalReason, options: { partition?: number } = {}): ProofRecord {
      const { id, record } = it.push(openid, options);
      const fact = it.refused(id, openid, reason, options);
      it.turn(record);
      return fact;
    },
    /** A command with the fact about a coupon it causes, with its turn. */
    life(openid: string, event: CouponEventInit, type: string): ProofRecord {
      const { id, record } = it.command();
      const fact = it.fact(id, event, { openid, type });
      it.turn(record);
      return fact;
    },
    /** A fact of payment.events. */
    payment(outTradeNo: string, event: PaymentEventInit, couponCode = ''): ProofRecord {
      nowMs += 1000;
      const id = uuidOf('payment', String(++things));
      const value = toBinary(
        PaymentEventSchema,
        create(PaymentEventSchema, { causeId: id, appid, outTradeNo, couponCode, event }),
      );
      const record = put(topics.paymentEvents.name, 0, value, { id, type: `payment.${event.case}`, timeMs: nowMs });
      record.key = Buffer.from(outTradeNo);
      return record;
    },
    /** What there is by now, to be proven. `untilMs`: now, unless given. */
    source: (untilMs?: number): Source => memorySource(records, gone, untilMs ?? nowMs),
  };
  return it;
}

function memorySource(records: ProofRecord[], gone: ReadonlyMap<string, number>, untilMs: number): Source {
  const of = (topic: string) => records.filter((record) => record.topic === topic);
  return {
    name: 'memory',
    ends: async (topic) =>
      Array.from({ length: 2 }, (_, partition) => {
        const offsets = of(topic).flatMap((record) => (record.partition === partition ? [record.offset] : []));
        const low = gone.get(`${topic}/${partition}`) ?? 0;
        return { partition, low, high: Math.max(low - 1, ...offsets) + 1 };
      }),
    read: async (topic, _ends, take) => {
      for (const partition of [0, 1]) take(of(topic).filter((record) => record.partition === partition));
    },
    at: async (places) =>
      records.filter((record) =>
        places.some(
          ({ topic, partition, offset }) =>
            record.topic === topic && record.partition === partition && record.offset === offset,
        ),
      ),
    untilMs: () => untilMs,
    close: async () => undefined,
  };
}
