-- Up Migration
-- Who wants events sent to an address of his. Everything up to next_number has its deliveries, in the same statement.
create table webhook (
  id uuid primary key,
  owner text not null, -- the reader's name; his role decides what he sees
  url text not null,
  types text[], -- null: every type
  campaign_id text, -- null: every campaign
  description text,
  state text not null default 'active' check (state in ('active', 'paused', 'gone')), -- gone: the receiver answered 410
  secret bytea not null, -- sealed
  previous_secret bytea, -- signs beside it until previous_until
  previous_until timestamptz,
  next_number bigint not null,
  created_at timestamptz not null default now()
);

-- One event for one webhook: what is to be sent, and what came of it.
create table webhook_delivery (
  id bigint generated always as identity primary key,
  webhook_id uuid not null references webhook on delete cascade,
  number bigint not null,
  occurred_at timestamptz not null,
  event_id uuid not null,
  type text not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts int not null default 0, -- counts a try when it is taken, so it also says whose the lease is
  due_at timestamptz not null default now(), -- the next try; while one is under way, the end of its lease
  created_at timestamptz not null default now(),
  first_at timestamptz, -- tries
  last_at timestamptz,
  message_id uuid, -- webhook-id as it was sent
  answer_status int,
  error text,
  duration_ms int
) with (fillfactor = 70);
create index webhook_delivery_due on webhook_delivery (webhook_id, due_at) where state = 'pending';
create index webhook_delivery_log on webhook_delivery (webhook_id, id);
