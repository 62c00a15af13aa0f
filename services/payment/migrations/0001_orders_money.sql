-- Up Migration
-- What a follower ordered, and how far it is: locking -> unpaid -> closing -> closed -> paid; it may skip states, never go back.
-- Money is fen. Times are those of the commands and of WeChat Pay, not of this database.
create table merchant_order (
  out_trade_no text primary key,
  appid text not null,
  openid text not null,
  -- lingquan.coupon.v1.Basket, as it came.
  basket bytea not null,
  description text not null,
  -- Empty: without a coupon.
  coupon_code text not null,
  total_fen bigint not null check (total_fen >= 0),
  discount_fen bigint not null check (discount_fen between 0 and total_fen),
  -- Unknown until the coupon is locked.
  payable_fen bigint check (payable_fen = total_fen - discount_fen),
  paid_fen bigint not null check (paid_fen >= 0),
  refunded_fen bigint not null check (refunded_fen between 0 and paid_fen),
  state text not null check (state in ('locking', 'unpaid', 'closing', 'closed', 'paid')),
  coupon_state text not null,
  pay_until timestamptz not null,
  created_at timestamptz not null,
  prepay_id text,
  prepared_at timestamptz,
  transaction_id text unique,
  paid_at timestamptz,
  -- Why it is closing or closed; with 'platform' the platform's code, with 'coupon' lingquan.coupon.v1.Unusable.
  close_cause text,
  platform_code text,
  unusable bytea,
  traceparent text,
  check ((state = 'paid') = (paid_at is not null)),
  check (paid_fen = 0 or paid_fen = payable_fen)
);
create index merchant_order_open on merchant_order (state, created_at) where state in ('locking', 'unpaid', 'closing');
create index merchant_order_of_follower on merchant_order (appid, openid, created_at desc, out_trade_no desc);
create index merchant_order_paid on merchant_order (paid_at) where paid_at is not null;

-- Money on its way back. A closed one gave nothing back; its number is used up.
create table refund (
  out_refund_no text primary key,
  out_trade_no text not null references merchant_order,
  -- As asked, 0 for all that was left; and what that came to.
  asked_fen bigint not null,
  refund_fen bigint not null check (refund_fen >= 0),
  reason text not null,
  state text not null check (state in ('requested', 'processing', 'succeeded', 'closed', 'abnormal')),
  -- The platform's number.
  refund_id text,
  -- The platform's word or code, once something went wrong.
  why text,
  requested_at timestamptz not null,
  -- When the platform is asked for it at the earliest: refunds of one order keep a distance.
  ask_at timestamptz not null,
  accepted_at timestamptz,
  succeeded_at timestamptz
);
create index refund_of_order on refund (out_trade_no);
create index refund_open on refund (requested_at) where state in ('requested', 'processing', 'abnormal');
create index refund_accepted on refund (accepted_at) where accepted_at is not null;

-- The double-entry ledger: one row per account a transaction touches, debits positive. Every transaction sums to zero (checked
-- below), is booked once (its id is a function of what happened), and is never changed.
create table ledger_entry (
  transaction_id uuid not null,
  account text not null check (account in ('wechat_pay', 'sales', 'coupon_discount', 'sales_returns', 'refunds_payable')),
  fen bigint not null check (fen <> 0),
  kind text not null,
  out_trade_no text not null,
  out_refund_no text,
  at timestamptz not null,
  primary key (transaction_id, account)
);
create index ledger_entry_of_order on ledger_entry (out_trade_no);
create index ledger_entry_balance on ledger_entry (account) include (fen);

create function ledger_balanced() returns trigger language plpgsql as $$
begin
  if exists (select from booked group by transaction_id having sum(fen) <> 0) then
    raise exception 'a ledger transaction must sum to zero' using errcode = 'check_violation';
  end if;
  return null;
end $$;
-- A transaction's entries come in one statement.
create trigger ledger_balanced after insert on ledger_entry
  referencing new table as booked for each statement execute function ledger_balanced();

create function ledger_final() returns trigger language plpgsql as $$
begin
  raise exception 'ledger entries are never changed' using errcode = 'check_violation';
end $$;
create trigger ledger_final before update or delete on ledger_entry for each statement execute function ledger_final();

-- What needs a person. Evidence is numbers and the platform's words, nothing personal.
create table incident (
  id uuid primary key,
  kind text not null,
  out_trade_no text not null,
  out_refund_no text,
  evidence jsonb not null,
  found_at timestamptz not null,
  resolved_at timestamptz,
  note text
);
create index incident_open on incident (found_at) where resolved_at is null;
create index incident_resolved on incident (found_at) where resolved_at is not null;

-- Calls to make. Whoever takes one moves due_at on by a lease: should he die it comes due again. `turn` is new with every take and
-- every change, so that only who took it last may end it.
create sequence task_turn;
create table task (
  kind text not null check (kind in ('prepay', 'query', 'close', 'refund', 'query_refund')),
  -- out_trade_no, or out_refund_no for those about refunds.
  key text not null,
  out_trade_no text not null,
  due_at timestamptz not null,
  attempts int not null default 0,
  turn bigint not null default nextval('task_turn'),
  primary key (kind, key)
);
-- Somebody waits for a prepay; the others can wait.
create index task_due_hurried on task (due_at) where kind = 'prepay';
create index task_due on task (due_at) where kind <> 'prepay';

-- Commands that are answered, and with what (lingquan.ingress.v1.Reply): the same command again gets the same answer. Without an
-- answer yet: where to send it.
create table command (
  id uuid primary key,
  out_trade_no text not null,
  reply_to text,
  answer bytea
);
create index command_waiting on command (out_trade_no) where answer is null;

-- What a day's bill came to when it was compared with the ledger.
create table reconciliation (
  day date primary key,
  ran_at timestamptz not null,
  state text not null,
  matched int not null,
  differences jsonb not null
);
