import { expect, test } from '@jest/globals';
import { deadLetterTopic, topics } from './topics.ts';

test('every topic has a name of its own, and so have its dead letters', () => {
  const names = Object.values(topics).flatMap(({ name }) => [name, deadLetterTopic(name)]);
  expect(new Set(names).size).toBe(names.length);
});

test('the journal is one partition: its order is the whole point', () => {
  expect(topics.couponJournal.partitions).toBe(1);
});
