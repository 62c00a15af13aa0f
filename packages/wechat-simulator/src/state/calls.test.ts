import { expect, test } from '@jest/globals';
import { maskBody, maskQuery } from './calls.ts';

test('tokens, secrets and codes in a query are cut short, the rest stays', () => {
  expect(maskQuery('appid=wx1&secret=0123456789abcdef&openid=o1')).toBe('appid=wx1&secret=012345…&openid=o1');
  expect(maskQuery('access_token=77_abcdefghijk&next_openid=')).toBe('access_token=77_abc…&next_openid=');
});

test('a secret of a few characters is not shown at all', () => {
  expect(maskQuery('secret=short')).toBe('secret=…');
  expect(maskBody(Buffer.from('{"appsecret":"short"}'), 'application/json')).toBe('{"appsecret":"…"}');
});

test('secrets in JSON are cut short', () => {
  expect(maskBody(Buffer.from('{"access_token":"77_abcdefghijk","expires_in":7200}'), '')).toBe(
    '{"access_token":"77_abc…","expires_in":7200}',
  );
});

test('what is not text is named, not shown', () => {
  expect(maskBody(Buffer.alloc(10), 'image/png')).toBe('[image/png, 10 bytes]');
});
