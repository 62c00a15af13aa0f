-- Up Migration
-- An outbox row lives for milliseconds: compressing it takes longer than writing it.
alter table outbox alter column content set storage external;
