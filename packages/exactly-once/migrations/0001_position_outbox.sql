-- Up Migration
-- Where this store stands in each partition it reads: the next offset to take. Moves in the transaction that took the batch.
create table position (
  topic text not null,
  partition int not null,
  next_offset bigint not null,
  primary key (topic, partition)
);

-- What committed transactions still have to say to Kafka, one row per batch decided, in journal order.
create table outbox (
  number bigint generated always as identity primary key,
  topic text not null,
  partition int not null,
  first_offset bigint not null,
  last_offset bigint not null,
  decided_at timestamptz not null default now(),
  content bytea not null
);
