import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { BasketSchema } from '@lingquan/events/coupon.ts';
import { history, said } from '../../test/domain.ts';
import { orderView } from './order-view.ts';

const basket = toBinary(
  BasketSchema,
  create(BasketSchema, {
    lines: [
      { sku: 'latte', name: '拿铁', category: 'coffee', unitPriceFen: 2800n, quantity: 2 },
      { sku: 'cake', name: '蛋糕', category: 'food', unitPriceFen: 3200n, quantity: 1 },
    ],
  }),
);
const discounts = (one: ReturnType<typeof history>) =>
  orderView({ ...one.order(), basket }, []).lines.map(({ discountFen }) => discountFen);

test('each line says what the coupon took off it, once the coupon is locked', () => {
  const one = history('C1').created();
  expect(discounts(one)).toEqual([null, null]);
  one.happen({ kind: 'coupon_locked', discountFen: 2000, lineFen: [1273, 727] });
  expect(discounts(one)).toEqual([1273, 727]);
});

test('without a coupon nothing is off; what an old order did not keep is not made up', () => {
  const one = history();
  one.happen({ kind: 'create', order: said() });
  expect(discounts(one)).toEqual([0, 0]);
  const old = { ...history('C1').created().locked().order(), basket, lineFen: undefined };
  expect(orderView(old, []).lines.map(({ discountFen }) => discountFen)).toEqual([null, null]);
});
