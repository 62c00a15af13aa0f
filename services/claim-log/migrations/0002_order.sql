-- Up Migration
-- Events of payment come too: which order a fact speaks of. Adding a column without a default rewrites nothing.
alter table event add column out_trade_no text;

-- Partial: claims name no order and pay nothing for it.
create index event_order on event (out_trade_no, occurred_at) where out_trade_no is not null;
