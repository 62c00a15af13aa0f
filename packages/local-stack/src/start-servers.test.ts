import { expect, test } from '@jest/globals';
import { withoutPassword } from './start-servers.ts';

test('addresses are shown without their password', () => {
  expect(withoutPassword('postgres://me:secret@db:5432/x')).toBe('postgres://me@db:5432/x');
  expect(withoutPassword('redis://:secret@cache:6379')).toBe('redis://@cache:6379');
  expect(withoutPassword('127.0.0.1:9092,10.0.0.2:9092')).toBe('127.0.0.1:9092,10.0.0.2:9092');
});
