-- Up Migration
-- What the coupon takes off each line of the basket, in fen and in the lines' order; sums to discount_fen. Null until the coupon is
-- locked, and on orders from before this column that had a discount: it was not kept.
alter table merchant_order add column line_fen jsonb;
