import { expect, test } from '@jest/globals';
import { tokenFrom } from './token-rules.ts';
import { openToken, sealToken } from './token-seal.ts';

const token = tokenFrom('the-token', 7200, Date.UTC(2026, 0, 1));

test('a sealed token opens with the same appid and secret and shows nothing before', () => {
  const sealed = sealToken(token, 'wx1', 'secret');
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('the-token');
  expect(openToken(sealed, 'wx1', 'secret')).toEqual(token);
});

test('with another secret, another appid or other bytes it does not open', () => {
  const sealed = sealToken(token, 'wx1', 'secret');
  expect(openToken(sealed, 'wx1', 'new secret')).toBeUndefined();
  expect(openToken(sealed, 'wx2', 'secret')).toBeUndefined();
  expect(openToken(`A${sealed.slice(1)}`, 'wx1', 'secret')).toBe(sealed.startsWith('A') ? token : undefined);
  expect(openToken('', 'wx1', 'secret')).toBeUndefined();
  expect(openToken('not sealed at all', 'wx1', 'secret')).toBeUndefined();
});
