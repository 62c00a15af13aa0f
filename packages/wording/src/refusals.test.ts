import { expect, test } from '@jest/globals';
import { wordTooFast, wordTryLater } from './index.ts';

const now = Date.parse('2026-11-21T15:20:00Z'); // 23:20 in Beijing
const tooFast = (until: string) => wordTooFast(Date.parse(until), { language: 'zh', now });

test('who was too fast is told when to return, in Beijing time', () => {
  expect(tooFast('2026-11-21T15:50:00Z')).toContain('23:50 之后');
});

test('after midnight it is tomorrow', () => {
  expect(tooFast('2026-11-21T16:10:00Z')).toContain('明天 00:10 之后');
});

test('seconds round up, so that nobody comes too early', () => {
  expect(tooFast('2026-11-21T15:49:00.001Z')).toContain('23:50 之后');
});

test('try later is said in both languages', () => {
  expect(wordTryLater('zh')).toContain('稍后再试');
  expect(wordTryLater('en')).toContain('try again later');
});
