-- Up Migration
-- rules: a lingquan.coupon.v1.CouponRules in protobuf; null sets no bounds. One column, copied whole, keeps claims as fast as they were.
alter table campaign add column cap_fen bigint not null default 0, add column rules bytea;

-- What was the campaign's end, copied into the coupon, is from here on the coupon's own end; null: never.
alter table coupon rename column closes_at to expires_at;
alter table coupon
  add column cap_fen bigint not null default 0,
  add column rules bytea,
  add column state smallint not null default 0, -- 0 issued, 1 locked, 2 redeemed, 3 expired, 4 revoked
  -- The order that holds it or held it last, until when, and what it took off (a lingquan.coupon.v1.Discount).
  add column lock_order text,
  add column lock_until timestamptz,
  add column lock_discount bytea,
  -- Used by an order, or by a cashier of a shop.
  add column redeemed_at timestamptz,
  add column redeemed_order text,
  add column redeemed_shop text,
  add column redeemed_cashier text,
  -- When the clock does something to it next. Follows from the rest, so it cannot be forgotten.
  add column due_at timestamptz generated always as (case state when 0 then expires_at when 1 then lock_until end) stored,
  add check (state <> 1 or (lock_order is not null and lock_until is not null)),
  add check ((state = 2) = (redeemed_at is not null));
create index coupon_due on coupon (due_at) where due_at is not null;

-- The follower first: the same index then also answers what somebody owns of all campaigns.
create index coupon_follower on coupon (openid, campaign_id);
drop index coupon_owner;

-- What became of each command on a coupon, and the answer that was given, for when the same command comes again.
create table coupon_command (
  id uuid primary key,
  code text not null, -- as issued; as asked when no coupon has it
  refusal smallint not null, -- an UnusableReason; 0: done
  answer bytea -- the answer's record, to payment or the till; null when nobody is told
);

-- When each till asked for codes that do not exist: the latest few.
create table till_guess (
  shop text not null,
  cashier text not null,
  wrong_at timestamptz[] not null,
  primary key (shop, cashier)
);
