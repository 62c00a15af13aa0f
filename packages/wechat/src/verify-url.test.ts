import { expect, test } from '@jest/globals';
import { signatureOf } from './signature.ts';
import { verifyUrl } from './verify-url.ts';

const token = 'devToken2026';
const query = { signature: signatureOf([token, '1', '2']), timestamp: '1', nonce: '2', echostr: '0012345' };

test('the echo of a signed check comes back byte for byte', () => {
  expect(verifyUrl({ token }, query)).toBe('0012345');
});

test.each(['signature', 'timestamp', 'nonce', 'echostr'])(
  'a check with two of %s, or without it, is refused',
  (name) => {
    expect(() => verifyUrl({ token }, { ...query, [name]: ['1', '2'] })).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    );
    const code = name === 'echostr' ? 'invalid' : 'unauthorized';
    expect(() => verifyUrl({ token }, { ...query, [name]: undefined })).toThrow(expect.objectContaining({ code }));
  },
);

test('an echo that could be a page is not given back, though the signature does not cover it', () => {
  for (const echostr of ['<script>', 'a b', 'a\nb', '券', 'x'.repeat(257)]) {
    expect(() => verifyUrl({ token }, { ...query, echostr })).toThrow(expect.objectContaining({ code: 'invalid' }));
  }
});
