import { expect, test } from '@jest/globals';
import { openLanes } from './lanes.ts';

test('places are given again when half of them are free, and each receiver has his own', () => {
  const lanes = openLanes();
  for (let place = 0; place < 32; place++) lanes.begin('a');
  expect([lanes.free('a'), lanes.free('b')]).toEqual([0, 32]);
  for (let place = 0; place < 15; place++) lanes.end('a', true);
  expect(lanes.free('a')).toBe(0);
  lanes.end('a', true);
  expect(lanes.free('a')).toBe(16);
});

test('a receiver that keeps failing gets one at a time, until one succeeds', () => {
  const lanes = openLanes();
  const fail = () => {
    lanes.begin('a');
    lanes.end('a', false);
  };
  for (let time = 0; time < 3; time++) fail();
  expect(lanes.free('a')).toBe(32);
  fail();
  expect(lanes.free('a')).toBe(1);
  lanes.begin('a');
  expect(lanes.free('a')).toBe(0);
  lanes.end('a', true);
  expect(lanes.free('a')).toBe(32);
});
