-- Up Migration
-- What a follower is to be told, once per push: due -> sending -> delivered | given_up. Ids and state; no text is kept here.
create table delivery (
  cause_id uuid primary key,
  appid text not null,
  openid text not null,
  state text not null check (state in ('due', 'sending', 'delivered', 'given_up')),
  -- A mini program's outcome, which came with the event (lingquan.ingress.v1.Reply); empty once it is done.
  outcome bytea,
  -- When what caused it happened: until when it is worth telling counts from here.
  asked_at timestamptz not null,
  due_at timestamptz not null,
  -- Times it was taken up. Whoever holds an older turn has lost it to somebody else.
  turn int not null default 0,
  -- Calls to the platform that were made.
  attempts int not null default 0,
  sending_at timestamptz,
  done_at timestamptz,
  reason text,
  errcode int not null default 0,
  traceparent text
);
create index delivery_due on delivery (due_at) where state = 'due';
create index delivery_sending on delivery (sending_at) where state = 'sending';
create index delivery_done on delivery (done_at) where done_at is not null;
create index delivery_newest on delivery (asked_at desc);
