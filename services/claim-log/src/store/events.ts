import type { PoolClient } from 'pg';
import type { LoggedEvent } from '../domain/logged-event.ts';
import { BLOCK } from './log-order.ts';

/**
 * Writes events that are not there yet, numbered in this order, and counts them by campaign: one statement. The lock of
 * log_end lets one writer in at a time, so whoever reads a number knows that all smaller ones are committed. (`taken` as a
 * scalar: joined to the arrays, the same statement takes 36 us per event instead of 20.)
 */
export async function insertEvents(client: PoolClient, topicPrefix: string, events: LoggedEvent[]): Promise<void> {
  await client.query({
    name: 'event-insert',
    text: `with taken as (
             update log_end set next_number = next_number + cardinality($1::uuid[])
             returning next_number - cardinality($1::uuid[]) - 1 as before),
           written as (
             insert into event (number, id, type, occurred_at, source, appid, openid, campaign_id, code, reason, cause_id,
               traceparent, kafka_topic, kafka_partition, kafka_offset, data, out_trade_no)
             select (select before from taken) + e.place, e.id, e.type, e.occurred_at, e.source, e.appid, e.openid, e.campaign_id, e.code,
               e.reason, e.cause_id, e.traceparent, e.kafka_topic, e.kafka_partition, e.kafka_offset, e.data,
               e.out_trade_no
             from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
               $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int[], $14::bigint[], $15::bytea[],
               $16::text[])
               with ordinality as e (id, type, occurred_at, source, appid, openid, campaign_id, code, reason, cause_id,
                 traceparent, kafka_topic, kafka_partition, kafka_offset, data, out_trade_no, place)
             on conflict (occurred_at, id) do nothing
             returning number, occurred_at, campaign_id, type, reason),
           blocks as (
             insert into log_block as b (block, latest_at)
             select number / ${BLOCK}, max(occurred_at) from written group by 1
             on conflict (block) do update set latest_at = greatest(b.latest_at, excluded.latest_at))
           insert into campaign_count as c (campaign_id, type, reason, events)
           select campaign_id, type, coalesce(reason, ''), count(*) from written
           where campaign_id is not null group by 1, 2, 3
           on conflict (campaign_id, type, reason) do update set events = c.events + excluded.events`,
    values: columnsOf(events, topicPrefix),
  });
}

/** One array per column, in the order of the statement. */
function columnsOf(events: LoggedEvent[], topicPrefix: string): unknown[][] {
  return [
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ occurredAtMs }) => new Date(occurredAtMs).toISOString()),
    events.map(({ source }) => source),
    events.map(({ appid }) => appid),
    events.map(({ openid }) => openid),
    events.map(({ campaignId }) => campaignId),
    events.map(({ code }) => code),
    events.map(({ reason }) => reason),
    events.map(({ causeId }) => causeId),
    events.map(({ traceparent }) => traceparent),
    events.map(({ topic }) => topicPrefix + topic),
    events.map(({ partition }) => partition),
    events.map(({ offset }) => offset),
    events.map(({ data }) => data),
    events.map(({ outTradeNo }) => outTradeNo),
  ];
}
