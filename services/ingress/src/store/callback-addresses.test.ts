import { expect, test } from '@jest/globals';
import { rangesOf } from './callback-addresses.ts';

test('a list is taken whole', () => {
  expect(rangesOf('["101.226.62.77","101.226.103.0/25"]')).toEqual(['101.226.62.77', '101.226.103.0/25']);
});

test.each(['', '[]', '{}', '["101.226.62.77", 5]', '["101.226.62.77","oops"]', '["101.226.62.77"'])(
  'or not at all: %s',
  (text) => {
    expect(rangesOf(text)).toBeUndefined();
  },
);
