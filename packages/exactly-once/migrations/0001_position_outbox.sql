-- Up Migration
-- Where this store stands in each partition it reads: the next offset to take. Moves in the transaction that took the batch.
create table position (
  topic text not null,
  partition int not null,
  next_offset bigint not null,
  primary key (topic, partition)
);

-- What committed transactions still have to say to Kafka, in journal order: one row per batch decided, with the offsets it
-- covered, or per change that no batch caused.
create table outbox (
  number bigint generated always as identity primary key,
  topic text,
  partition int,
  first_offset bigint,
  last_offset bigint,
  decided_at timestamptz not null default now(),
  content bytea not null
);
