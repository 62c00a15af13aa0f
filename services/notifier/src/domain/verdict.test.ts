import { expect, test } from '@jest/globals';
import type { ApiFailure, FailureKind } from '@lingquan/wechat-api';
import { judgeFailure, judgeUndecided, judgeWaiting } from './verdict.ts';

const hours = 3_600_000;
const nowMs = Date.UTC(2026, 0, 1, 12);
const at = { askedAtMs: nowMs - 10_000, turn: 1, nowMs, random: 0 };
const failure = (kind: FailureKind, errcode = 0): ApiFailure => ({
  kind: 'failed',
  failure: kind,
  errcode,
  detail: '',
});

test.each<[FailureKind, number]>([
  ['not_sent', 0],
  ['no_token', 40125],
  ['busy', -1],
  ['token_invalid', 40001],
])('%s: it did not arrive and is tried again soon', (kind, errcode) => {
  expect(judgeFailure(failure(kind, errcode), at)).toEqual({ kind: 'again', atMs: nowMs + 500, errcode });
});

test('a limit per minute waits for the next minute, a quota per day for midnight in Beijing', () => {
  expect(judgeFailure(failure('quota_minute', 45011), at)).toMatchObject({ atMs: nowMs + 60_000 });
  expect(judgeFailure(failure('quota_daily', 45009), at)).toMatchObject({ atMs: Date.UTC(2026, 0, 1, 16) });
});

test.each<[FailureKind, number, string]>([
  ['user_unreachable', 45015, 'unreachable'],
  ['user_refused', 48002, 'unreachable'],
  ['config', 48001, 'rejected'],
  ['permanent', 47001, 'rejected'],
  ['uncertain', 0, 'uncertain'],
])('%s is final', (kind, errcode, reason) => {
  expect(judgeFailure(failure(kind, errcode), at)).toEqual({ kind: 'given_up', reason, errcode });
});

test('what could only be tried when it is no longer worth telling is given up at once', () => {
  const late = { ...at, askedAtMs: nowMs - 45 * hours };
  expect(judgeFailure(failure('quota_daily', 45009), late)).toEqual({
    kind: 'given_up',
    reason: 'expired',
    errcode: 45009,
  });
  expect(judgeFailure(failure('busy', -1), late)).toMatchObject({ kind: 'again' });
  expect(judgeFailure(failure('busy', -1), { ...at, askedAtMs: nowMs - 48 * hours })).toMatchObject({
    reason: 'expired',
  });
});

test('an outcome that is not there is waited for for an hour', () => {
  expect(judgeUndecided(at)).toMatchObject({ kind: 'again' });
  expect(judgeUndecided({ ...at, askedAtMs: nowMs - hours + 1 })).toMatchObject({ kind: 'again' });
  expect(judgeUndecided({ ...at, askedAtMs: nowMs - hours })).toEqual({
    kind: 'given_up',
    reason: 'nothing_due',
    errcode: 0,
  });
});

test('while an account may not send, its messages wait until it may', () => {
  expect(judgeWaiting(at, nowMs + 9 * hours)).toMatchObject({ kind: 'again', atMs: nowMs + 9 * hours });
  expect(judgeWaiting(at)).toMatchObject({ kind: 'again', atMs: nowMs + 500 });
});
