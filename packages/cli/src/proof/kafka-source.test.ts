import { expect, test } from '@jest/globals';
import { rangesOf } from './kafka-source.ts';

const at = (offset: number, partition = 0, topic = 't') => ({ topic, partition, offset });

test('near places are read together, far ones and other partitions apart', () => {
  expect(rangesOf([at(5000), at(7), at(5), at(7), at(6, 1), at(8, 0, 'u')])).toEqual([
    { topic: 't', partition: 0, from: 5, to: 8 },
    { topic: 't', partition: 0, from: 5000, to: 5001 },
    { topic: 't', partition: 1, from: 6, to: 7 },
    { topic: 'u', partition: 0, from: 8, to: 9 },
  ]);
  expect(rangesOf([])).toEqual([]);
});
