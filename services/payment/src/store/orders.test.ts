import { expect, test } from '@jest/globals';
import { DatabaseError } from 'pg';
import { orderError } from './orders.ts';

const broken = (constraint: string) =>
  Object.assign(new DatabaseError('duplicate key value', 0, 'error'), { code: '23505', constraint });

test('a transaction_id that another order got at the same moment is a conflict, to be tried again', () => {
  expect(orderError(broken('merchant_order_transaction_id_key'))).toMatchObject({ code: 'conflict' });
});

test('any other constraint that breaks is what it is', () => {
  const bug = broken('merchant_order_pkey');
  expect(orderError(bug)).toBe(bug);
});
