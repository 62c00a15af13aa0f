import { expect, test } from '@jest/globals';
import { AppError } from '@lingquan/errors';
import { createLog } from '@lingquan/log';
import { refusalNotes } from './refusal-notes.ts';

test('each reason is noted once a minute, and our own bugs not here', () => {
  const lines: unknown[] = [];
  const log = Object.assign(createLog({ service: 'test', level: 'silent' }), {
    warn: (_: unknown, text: string) => lines.push(text),
  });
  const note = refusalNotes(log);
  const signature = new AppError('unauthorized', 'the signature does not match');
  note(signature, 1_000);
  note(signature, 60_999);
  note(new AppError('invalid', 'no message'), 2_000);
  note(new Error('a bug'), 3_000);
  note(signature, 61_000);
  expect(lines).toEqual([
    'pushes are refused: the signature does not match',
    'pushes are refused: no message',
    'pushes are refused: the signature does not match',
  ]);
});
