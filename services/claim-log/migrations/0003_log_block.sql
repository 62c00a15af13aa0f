-- Up Migration
-- The latest event time among every 10 000 numbers: where in the order of writing an instant begins, without an index of its own.
create table log_block (
  block bigint primary key, -- number / 10000
  latest_at timestamptz not null
) with (fillfactor = 50); -- the newest row is updated over and over
insert into log_block select number / 10000, max(occurred_at) from event group by 1;
