import { expect, test } from '@jest/globals';
import { LATE, SUCCESS, decodeAnswer, encodeAnswer } from './answer.ts';
import type { KeptAnswer } from './answer.ts';

const answers: KeptAnswer[] = [SUCCESS, LATE, { kind: 'text', text: '领取成功\n券码：1' }, { kind: 'text', text: 's' }];

test.each(answers)('$kind comes back as it was kept, and is never empty', (answer) => {
  expect(encodeAnswer(answer)).not.toBe('');
  expect(decodeAnswer(encodeAnswer(answer))).toEqual(answer);
});

test('the mark of a push that is not answered yet is no answer, nor is anything unknown', () => {
  expect(['', 't', 'x', 'success'].map(decodeAnswer)).toEqual([undefined, undefined, undefined, undefined]);
});
