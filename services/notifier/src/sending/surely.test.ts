import { expect, test } from '@jest/globals';
import { AppError } from '@lingquan/errors';
import type { ErrorCode } from '@lingquan/errors';
import { surely } from './surely.ts';

/** Work that fails `times` times with this code, then succeeds. */
function failing(code: ErrorCode, times: number) {
  const tried = { times: 0 };
  const work = async () => {
    if (tried.times++ < times) throw new AppError(code, 'not now');
  };
  return { work, tried };
}

test.each<ErrorCode>(['unavailable', 'conflict'])('what is %s is tried until it succeeds', async (code) => {
  const { work, tried } = failing(code, 2);
  await surely(work, 60_000);
  expect(tried.times).toBe(3);
});

test('our own bug is not tried again', async () => {
  const { work, tried } = failing('internal', 1);
  await expect(surely(work, 60_000)).rejects.toThrow('not now');
  expect(tried.times).toBe(1);
});

test('when its time is over the last failure is thrown', async () => {
  const { work, tried } = failing('unavailable', 100);
  const clock = { ms: 0 };
  await expect(surely(work, 40, () => (clock.ms += 20))).rejects.toThrow('not now');
  expect(tried.times).toBe(2);
});
