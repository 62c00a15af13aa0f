import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listen } from '@lingquan/http';
import type { HttpServer } from '@lingquan/http';
import { createLog } from '@lingquan/log';
import { Registry } from 'prom-client';
import { asyncapiRoutes } from './asyncapi-route.ts';

let http: HttpServer;
beforeAll(async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const routes = [asyncapiRoutes()];
  http = await listen({ host: '127.0.0.1', port: 0, log, metrics: new Registry(), ready: () => {}, routes });
});
afterAll(() => http.stop());

test('the page is served as it stands, and may be framed by nobody', async () => {
  const response = await fetch(`${http.url}/asyncapi`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(response.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
  const text = await response.text();
  expect(text).toContain('id="coupon.claimed"');
  const { pathname } = new URL(/href="(asyncapi[^"]*)"/.exec(text)![1]!, response.url);
  expect(pathname).toBe('/asyncapi.json');
});

test('the document is served as JSON', async () => {
  const response = await fetch(`${http.url}/asyncapi.json`);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toMatchObject({ asyncapi: '3.0.0', channels: { 'coupon.events': expect.anything() } });
});

test.each(['/asyncapi/', '/asyncapi/index.html', '/asyncapi/..%2f..%2fpackage.json'])(
  '%s is not there',
  async (path) => {
    expect((await fetch(http.url + path)).status).toBe(404);
  },
);
