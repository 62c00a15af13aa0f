import { expect, test } from '@jest/globals';
import type { ApiRoute } from './call.ts';
import { routeTable } from './table.ts';

const route = (method: 'GET' | 'POST', path: string): ApiRoute => ({
  method,
  path,
  access: 'anyone',
  handle: () => ({ status: 200, body: '' }),
});
const [list, create, one, cancel] = [
  route('GET', '/api/orders'),
  route('POST', '/api/orders'),
  route('GET', '/api/orders/:n'),
  route('POST', '/api/orders/:n/cancel'),
];
const find = routeTable([list, create, one, cancel]);

test('method and path decide', () => {
  expect(find('GET', '/api/orders')).toMatchObject({ kind: 'route', route: list });
  expect(find('POST', '/api/orders')).toMatchObject({ kind: 'route', route: create });
  expect(find('GET', '/api/orders/N1')).toEqual({ kind: 'route', route: one, params: { n: 'N1' } });
  expect(find('POST', '/api/orders/N1/cancel')).toEqual({ kind: 'route', route: cancel, params: { n: 'N1' } });
});

test('a wrong method is told from a wrong address', () => {
  expect(find('DELETE', '/api/orders')).toEqual({ kind: 'method', allow: 'GET, POST' });
  expect(find('GET', '/api/orders/N1/cancel')).toEqual({ kind: 'method', allow: 'POST' });
});

test.each(['/api', '/api/orders/', '/api/orders//cancel', '/api/orders/a/b/c', '/api/__proto__'])(
  '%s is nothing',
  (path) => expect(find('GET', path)).toEqual({ kind: 'nothing' }),
);
