import { AppError } from '@lingquan/errors';
import type { PayOutcome } from './outcome.ts';
import { failed, ok } from './outcome.ts';

/** What `read` makes of an answer that is believed; an answer that cannot be read leaves the outcome open. */
export function readOutcome<T, U>(outcome: PayOutcome<T>, read: (value: T) => U | undefined): PayOutcome<U> {
  if (outcome.kind === 'failed') return outcome;
  try {
    const value = read(outcome.value);
    return value === undefined ? failed('uncertain', 'unexpected_answer') : ok(value);
  } catch (error) {
    if (error instanceof AppError) return failed('uncertain', 'bad_body', { detail: error.message });
    throw error;
  }
}

/** The value that stands for a refusal which is an answer in itself, such as "there is no such order". */
export function orValue<T, V>(outcome: PayOutcome<T>, values: Readonly<Record<string, V>>): PayOutcome<T | V> {
  if (outcome.kind === 'ok' || outcome.failure !== 'refused') return outcome;
  const value = values[outcome.action ?? ''];
  return value === undefined ? outcome : ok(value);
}
