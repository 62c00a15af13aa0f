import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { accounts, startPlatform } from './platform.ts';

let platform: Awaited<ReturnType<typeof startPlatform>>;

beforeAll(async () => {
  platform = await startPlatform([accounts('http://127.0.0.1:9/wx').safe]);
});
afterAll(() => platform.stop());

/** The addresses a page or a module asks for. */
const references = (text: string): string[] =>
  [...text.matchAll(/(?:href|src)="([^"#]+)"|from '\.\/([^']+)'/g)].map((match) => match[1] ?? match[2] ?? '');

test('the page and all it asks for come from here, with nothing inline allowed', async () => {
  const seen = new Set(['']);
  for (const path of seen) {
    const response = await fetch(`${platform.url}/${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    const text = await response.text();
    expect([path, /<script(?![^>]*src=)|<style|\son\w+=|style="/.test(text)]).toEqual([path, false]);
    for (const reference of references(text)) seen.add(reference);
  }
  expect(seen.size).toBeGreaterThan(15);
});

test('only the page’s own files are served', async () => {
  for (const path of ['/..%2fmain.ts', '/%2e%2e/config.ts', '/main.ts', '/page/index.html']) {
    expect([path, (await fetch(platform.url + path)).status]).toEqual([path, 404]);
  }
});

test('the panel of coupon events says when the claim log does not answer', async () => {
  const response = await fetch(`${platform.url}/_sim/events?openid=o1`);
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: 'unavailable', message: expect.any(String) },
  ]);
});
