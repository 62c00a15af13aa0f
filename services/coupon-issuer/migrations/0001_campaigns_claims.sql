-- Up Migration
-- One row whose lock orders changes of campaigns against claims: claims share it, commands take it alone.
create table rule_book (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 0
);
insert into rule_book default values;

create table campaign (
  id text primary key,
  number bigint not null unique, -- in the order of creation; the first part of every code
  appid text not null,
  name text not null,
  keyword text not null,
  match smallint not null,
  kind smallint not null,
  value_fen bigint not null,
  percent int not null,
  threshold_fen bigint not null,
  limit_per_user int not null,
  opens_at timestamptz,
  closes_at timestamptz,
  status smallint not null,
  stock bigint not null,
  claimed bigint not null default 0,
  check (claimed between 0 and stock)
);

-- What became of each command, so that the same command twice changes nothing and whoever sent it can ask.
create table command (
  id uuid primary key,
  campaign_id text not null,
  refusal text -- null: done
);

-- Every attempt that a campaign answered. The same push again finds its answer here.
create table claim (
  event_id uuid primary key,
  campaign_id text not null,
  appid text not null,
  openid text not null,
  decided_at timestamptz not null,
  refusal smallint not null, -- 0: granted
  code text -- granted, or shown again
);

-- What followers own. The rules are copied at claim, so that a later change of the campaign never changes a coupon.
create table coupon (
  code text primary key,
  campaign_id text not null,
  serial bigint not null, -- 1 is the campaign's first coupon
  appid text not null,
  openid text not null,
  cause_id uuid not null,
  claimed_at timestamptz not null,
  kind smallint not null,
  value_fen bigint not null,
  percent int not null,
  threshold_fen bigint not null,
  closes_at timestamptz
);
create index coupon_owner on coupon (campaign_id, openid);
