-- Up Migration
-- Partial: claims and refusals are most of the log, so they are met soon when it is read by time, and pay nothing for it.
create index event_type on event (type, occurred_at, id) where type not in ('coupon.claimed', 'coupon.claim_refused');
