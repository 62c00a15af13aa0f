import { expect, test } from '@jest/globals';
import { decide, plainCode, subCodeOf, type Action, type Operation } from './decision.ts';

const v3 = (operation: Operation, httpStatus: number, code: string) =>
  decide({ api: 'v3', operation, httpStatus, code });
const v2 = (operation: Operation, code: string) => decide({ api: 'v2', operation, httpStatus: 200, code });

test('codes count without underscores', () => {
  expect(plainCode('ORDER_NOT_EXIST')).toBe(plainCode('ORDERNOTEXIST'));
  expect(plainCode('No Bill Exist')).toBe('NOBILLEXIST');
});

test.each<[Operation, number, string, Action]>([
  ['prepay', 502, '', 'retry_same_params'],
  ['prepay', 500, 'SYSTEM_ERROR', 'retry_same_params'],
  ['prepay', 400, 'PARAM_ERROR', 'fail_fix'],
  ['prepay', 401, 'SIGN_ERROR', 'fail_fix'],
  ['prepay', 401, 'SOMETHING_NEW', 'fail_fix'],
  ['prepay', 403, 'OUT_TRADE_NO_USED', 'new_number'],
  ['prepay', 400, 'ORDER_CLOSED', 'new_number'],
  ['prepay', 403, 'RULE_LIMIT', 'fail_final'],
  ['prepay', 403, 'SOMETHING_NEW', 'fail_final'],
  ['query', 404, 'ORDER_NOT_EXIST', 'not_there'],
  ['query', 429, 'RATELIMIT_EXCEEDED', 'wait_then_retry_same_params'],
  ['close', 202, 'USERPAYING', 'query'],
  ['close', 400, 'PARAM_ERROR', 'query'],
  ['close', 400, 'ORDERPAID', 'query_then_mark_paid'],
  ['refund', 403, 'NOT_ENOUGH', 'wait_then_retry_same_params'],
  ['refund', 403, 'USER_ACCOUNT_ABNORMAL', 'fail_final'],
  ['refund', 429, '', 'query_or_retry_same_params'],
  ['query_refund', 404, 'RESOURCE_NOT_EXISTS', 'not_there'],
  ['bill', 400, 'NO_STATEMENT_EXIST', 'not_there'],
  ['bill', 400, 'STATEMENT_CREATING', 'wait_then_retry_same_params'],
])('v3 %s, HTTP %i %s: %s', (operation, status, code, action) => {
  expect(v3(operation, status, code)).toBe(action);
});

test.each<[Operation, string, Action]>([
  ['refund', 'SYSTEMERROR', 'retry_same_params'],
  ['refund', 'BIZERR_NEED_RETRY', 'retry_same_params'],
  ['refund', 'FREQUENCY_LIMITED', 'wait_then_retry_same_params'],
  ['refund', 'INVALID_REQ_TOO_MUCH', 'wait_then_retry_same_params'],
  ['refund', 'TRADE_OVERDUE', 'fail_final'],
  ['refund', 'ERROR', 'fail_final'],
  ['query_refund', 'REFUNDNOTEXIST', 'not_there'],
  ['close', 'ORDERNOTEXIST', 'not_there'],
  ['prepay', 'NOAUTH', 'fail_fix'],
  ['prepay', 'toString', 'fail_final'],
])('v2 %s, %s: %s', (operation, code, action) => {
  expect(v2(operation, code)).toBe(action);
});

test('the sub-code is the number at the end of a Request-ID', () => {
  expect(subCodeOf('08F78BAF-268512771')).toBe('268512771');
  expect(subCodeOf('')).toBe('');
});
