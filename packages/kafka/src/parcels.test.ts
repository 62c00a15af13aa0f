import { expect, test } from '@jest/globals';
import { PARCEL_MAX, byTopic, fitting, parcelsOf } from './parcels.ts';
import type { OutgoingRecord } from './records.ts';

const record = (key: string, bytes = 10, topic = 't'): OutgoingRecord => ({
  topic,
  key,
  value: Buffer.alloc(bytes),
  headers: {},
});
const keys = (count: number) => Array.from({ length: count }, (_, n) => String(n));

test('records are parcelled by number and by size, in their order', () => {
  const many = parcelsOf(keys(2500).map((key) => record(key)));
  expect(many.map(({ records }) => records.length)).toEqual([1000, 1000, 500]);
  expect(many.flatMap(({ records }) => records.map(({ key }) => key))).toEqual(keys(2500));
  const large = parcelsOf(keys(5).map((key) => record(key, 200 * 1024)));
  expect(large.map(({ records }) => records.length)).toEqual([2, 2, 1]);
});

test('a record greater than a request travels alone, and nothing makes no parcel', () => {
  const parcels = parcelsOf([record('a'), record('b', 2 * PARCEL_MAX.bytes), record('c')]);
  expect(parcels.map(({ records }) => records.map(({ key }) => key))).toEqual([['a'], ['b'], ['c']]);
  expect(parcelsOf([])).toEqual([]);
});

test('a request takes as many parcels as fit, and at least one', () => {
  const parcel = (records: number, bytes: number) => ({ records: keys(records).map((key) => record(key)), bytes });
  expect(fitting([parcel(600, 10), parcel(400, 10), parcel(1, 10)])).toBe(2);
  expect(fitting([parcel(1, PARCEL_MAX.bytes), parcel(1, 1)])).toBe(1);
  expect(fitting([parcel(1, 2 * PARCEL_MAX.bytes)])).toBe(1);
  expect(fitting([])).toBe(0);
});

test('a request names each topic once, with the prefix', () => {
  const parcels = [
    { records: [record('a', 1, 'x'), record('b', 1, 'y')], bytes: 1 },
    { records: [{ ...record('c', 1, 'x'), partition: 3 }], bytes: 1 },
  ];
  const request = byTopic('p.', parcels);
  expect(request.map(({ topic, messages }) => [topic, messages.map(({ key, partition }) => [key, partition])])).toEqual(
    [
      [
        'p.x',
        [
          ['a', undefined],
          ['c', 3],
        ],
      ],
      ['p.y', [['b', undefined]]],
    ],
  );
});
