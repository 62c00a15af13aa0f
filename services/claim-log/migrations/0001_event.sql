-- Up Migration
-- Every coupon event, once. Append-only; a partition per month (UTC) of the event's own time, made by the service.
create table event (
  -- Place in the order of writing. Readers follow by it: below log_end.next_number everything is committed.
  number bigint not null,
  occurred_at timestamptz not null,
  id uuid not null,
  type text not null,
  source text not null,
  appid text,
  openid text,
  campaign_id text,
  code text,
  reason text,
  cause_id text,
  traceparent text,
  kafka_topic text not null, -- as a Kafka client names it
  kafka_partition int not null,
  kafka_offset bigint not null,
  data bytea not null, -- the record's value as it came
  -- The relay may publish an event twice, under the same id and time; the first stays. Serves reading by time too.
  primary key (occurred_at, id)
) partition by range (occurred_at);

create index event_number on event (number);
create index event_openid on event (openid, occurred_at);
create index event_campaign on event (campaign_id, occurred_at);
create index event_code on event (code) where code is not null;

-- One row: the number the next event gets. Its lock lets writers in one after the other, so numbers commit in their order.
create table log_end (
  only_row boolean primary key default true check (only_row),
  next_number bigint not null
);
insert into log_end (next_number) values (0);

-- How many events of each type (and reason) name a campaign; kept by the transaction that writes the events.
create table campaign_count (
  campaign_id text not null,
  type text not null,
  reason text not null, -- '' when the type has none
  events bigint not null,
  primary key (campaign_id, type, reason)
) with (fillfactor = 50); -- rows are updated in place, over and over
