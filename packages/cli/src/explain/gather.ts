import { decode, envelopeOf, topics } from '@lingquan/events';
import { CampaignStatus, CouponEventSchema, JournalEntrySchema } from '@lingquan/events/coupon.ts';
import type { CouponEvent } from '@lingquan/events/coupon.ts';
import { InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import { orderIn } from '../audit/event.ts';
import { placeOf } from '../audit/place.ts';
import { startCommands } from '../proof/causes.ts';
import type { Commands } from '../proof/causes.ts';
import { headOf } from '../proof/head.ts';
import { openReading } from '../proof/reading.ts';
import type { OnRead } from '../proof/reading.ts';
import type { ProofRecord, Source } from '../proof/source.ts';
import { startSpans } from '../proof/spans.ts';
import type { Rank, Spans } from '../proof/spans.ts';
import type { Gathered, RuleVersion, Where } from './gathered.ts';

/** Whom or what it is about: a follower, or one coupon by its code as issued. */
export type Subject = { openid: string } | { code: string };

const { wechatInbound, couponCommands, couponEvents, couponJournal, paymentEvents } = topics;

/**
 * Reads the topics through and keeps what is about the subject, with the order in which it was decided. Records are looked through as bytes; only
 * those that name the subject are decoded. Keeps the journal and the commands' ids (28 and 26 bytes each).
 */
export async function gather(source: Source, subject: Subject, onRead: OnRead): Promise<Gathered> {
  const reading = await openReading(source, onRead);
  const spans = startSpans(reading.endsAtFirst, reading.isWhole(couponJournal.name));
  await reading.read(couponJournal.name, ({ value }) => {
    const { sequence, topic, partition, firstOffset, lastOffset } = decode(JournalEntrySchema, value);
    spans.take({ sequence: Number(sequence), topic, partition, first: Number(firstOffset), last: Number(lastOffset) });
  });
  spans.close();
  const commands = startCommands(spans);
  const kept: Gathered = { pushes: [], facts: [], payments: [], versions: [] };
  const needle = Buffer.from('openid' in subject ? subject.openid : subject.code);
  const told = new Set<string>(); // a relay that crashed tells things twice
  const isNew = (id: string): boolean => !told.has(id) && told.add(id) !== undefined;

  await reading.read(couponEvents.name, (record) => {
    const isCampaign = record.headers['ce_type']?.toString().startsWith('campaign.') ?? false;
    if (!isCampaign && record.value?.includes(needle) !== true) return;
    const event = decode(CouponEventSchema, record.value);
    const { id, timeMs } = envelopeOf(record.headers);
    const at = { where: whereOf(record, id), timeMs, rank: undefined };
    const version = versionOf(event, at);
    if ((version === undefined && !isAbout(event, subject)) || !isNew(id)) return;
    if (version === undefined) kept.facts.push({ ...at, event });
    else kept.versions.push(version);
    commands.expect({ causeId: event.causeId, timeMs, place: placeOf(record) });
  });
  await reading.read(couponCommands.name, ({ headers, partition, offset }) =>
    commands.take({ id: headOf(headers).id, partition, offset }),
  );

  const orders = new Set(kept.facts.map(({ event }) => orderIn(event.event)).filter((order) => order !== ''));
  await reading.read(paymentEvents.name, (record) => {
    // An order may speak of money after it has let go of the coupon; its number is the record's key.
    if (record.value?.includes(needle) !== true && !orders.has(record.key?.toString() ?? '')) return;
    const event = decode(PaymentEventSchema, record.value);
    const isOurs = 'openid' in subject ? event.openid === subject.openid : event.couponCode === subject.code;
    const { id, timeMs } = envelopeOf(record.headers);
    if ((!isOurs && !orders.has(event.outTradeNo)) || !isNew(id)) return;
    kept.payments.push({ where: whereOf(record, id), timeMs, event });
  });

  const causes = new Set(kept.facts.map(({ event }) => event.causeId));
  await reading.read(wechatInbound.name, (record) => {
    const { id, timeMs } = headOf(record.headers);
    if (!causes.has(id) && ('code' in subject || record.value?.includes(needle) !== true)) return;
    const push = decode(InboundPushSchema, record.value);
    if ('openid' in subject && push.openid !== subject.openid) return;
    const rank = spans.rankOf(record.topic, record.partition, record.offset);
    kept.pushes.push(inTurn({ where: whereOf(record, id), timeMs, rank, push }, rank, spans));
  });
  return inTurns(kept, commands, spans);
}

const isAbout = ({ openid, event }: CouponEvent, subject: Subject): boolean =>
  'openid' in subject
    ? openid === subject.openid
    : event.value !== undefined && 'code' in event.value && event.value.code === subject.code;

const whereOf = ({ topic, partition, offset }: ProofRecord, id: string): Where => ({ topic, partition, offset, id });

/** Facts and definitions with the turns of what caused them; of a push that came twice, the first. */
function inTurns({ pushes, facts, payments, versions }: Gathered, commands: Commands, spans: Spans): Gathered {
  const turns = new Map<string, Rank>();
  for (const { rank, where } of pushes)
    if (rank !== undefined) turns.set(where.id, Math.min(rank, turns.get(where.id) ?? Infinity));
  const rankOf = (causeId: string): Rank | undefined => {
    const rank = turns.get(causeId) ?? commands.rank(causeId);
    return typeof rank === 'number' ? rank : undefined;
  };
  return {
    pushes,
    payments,
    facts: facts.map((fact) => inTurn(fact, rankOf(fact.event.causeId), spans)),
    versions: versions.map((version) => inTurn(version, rankOf(version.causeId), spans)),
  };
}

const inTurn = <T extends { where: Where; rank: Rank | undefined }>(one: T, rank: Rank | undefined, spans: Spans): T =>
  rank === undefined ? one : { ...one, rank, where: { ...one.where, batch: spans.sequenceAt(rank) } };

/** A campaign's definition, when the event is one. */
export function versionOf(
  { campaignId, causeId, event }: CouponEvent,
  at: Pick<RuleVersion, 'where' | 'timeMs' | 'rank'>,
): RuleVersion | undefined {
  if (event.case === 'campaignCreated') {
    const { terms } = event.value;
    return { ...at, campaignId, causeId, stock: Number(terms?.stock ?? 0n), status: CampaignStatus.LIVE, terms };
  }
  if (event.case !== 'campaignChanged') return undefined;
  return { ...at, campaignId, causeId, stock: Number(event.value.stock), status: event.value.status, terms: undefined };
}
