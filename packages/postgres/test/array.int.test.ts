import { expect, test } from '@jest/globals';
import { Client } from 'pg';
import { arrayLiteral } from '../src/array.ts';

test('whatever a text holds, postgres reads it as it was', async () => {
  const client = new Client({ connectionString: process.env['POSTGRES_URL'] });
  await client.connect();
  const texts = [
    'plain',
    '',
    'NULL',
    'null',
    '券',
    'a "quoted" one',
    'back\\slash',
    '{curly, comma}',
    ' blank ',
    'new\nline',
    null,
  ];
  const { rows } = await client.query<{ texts: unknown; numbers: unknown; times: unknown; none: unknown }>({
    text: 'select $1::text[] as texts, $2::bigint[]::text[] as numbers, $3::timestamptz[] as times, $4::text[] as none',
    values: [
      arrayLiteral(texts),
      arrayLiteral([1, -2, 2 ** 53 - 1, null]),
      arrayLiteral([new Date(0).toISOString(), null]),
      arrayLiteral([]),
    ],
  });
  await client.end();
  expect(rows[0]).toEqual({
    texts,
    numbers: ['1', '-2', String(2 ** 53 - 1), null],
    times: [new Date(0), null],
    none: [],
  });
});
