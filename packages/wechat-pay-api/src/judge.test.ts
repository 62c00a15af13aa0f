import { expect, test } from '@jest/globals';
import { judge } from './judge.ts';
import type { Refused } from './judge.ts';

const of = (refusal: Partial<Refused>) => {
  const given = { api: 'v3', operation: 'prepay', httpStatus: 400, code: '', signed: true, ...refusal } as const;
  const { outcome, again } = judge(given, '');
  return [outcome.kind === 'failed' ? outcome.failure : 'ok', again];
};

test('5xx and SYSTEM_ERROR leave the outcome open and may be tried again', () => {
  expect(of({ httpStatus: 500, code: 'SYSTEM_ERROR' })).toEqual(['uncertain', true]);
  expect(of({ httpStatus: 503 })).toEqual(['uncertain', true]);
  expect(of({ api: 'v2', httpStatus: 200, code: 'SYSTEMERROR', operation: 'refund' })).toEqual(['uncertain', true]);
  expect(of({ api: 'v2', httpStatus: 200, code: 'BIZERR_NEED_RETRY', operation: 'refund' })).toEqual([
    'uncertain',
    true,
  ]);
});

test('too many requests: waited out for questions only', () => {
  expect(of({ httpStatus: 429, operation: 'query' })).toEqual(['not_sent', true]);
  expect(of({ httpStatus: 429, operation: 'prepay' })).toEqual(['not_sent', false]);
  expect(of({ httpStatus: 429, operation: 'refund' })).toEqual(['uncertain', false]);
  expect(of({ api: 'v2', httpStatus: 200, operation: 'refund', code: 'FREQUENCY_LIMITED' })).toEqual([
    'not_sent',
    false,
  ]);
});

test('no funds is a refusal with a reason to wait, not a busy platform', () => {
  expect(of({ operation: 'refund', httpStatus: 403, code: 'NOT_ENOUGH' })).toEqual(['refused', false]);
});

test.each(['ORDER_CLOSED', 'ORDERPAID', 'ORDER_NOT_EXIST', 'SIGN_ERROR', 'FREQUENCY_LIMITED', ''])(
  'unsigned, %j says nothing of the outcome',
  (code) => {
    for (const operation of ['prepay', 'query', 'close', 'refund', 'query_refund'] as const)
      for (const httpStatus of [302, 400, 401, 403, 404, 429, 500])
        expect(of({ operation, httpStatus, code, signed: false })[0]).toBe('uncertain');
  },
);

test('202 is neither done nor refused; signed, but without a code, is refused', () => {
  expect(of({ httpStatus: 202, code: 'USER_PAYING' })).toEqual(['uncertain', false]);
  expect(of({ httpStatus: 403 })).toEqual(['refused', false]);
  expect(of({ httpStatus: 302 })).toEqual(['refused', false]);
});
