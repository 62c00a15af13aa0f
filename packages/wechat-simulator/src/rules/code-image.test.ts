import { expect, test } from '@jest/globals';
import { readCodeOrder } from './code-image.ts';

test('a scene becomes part of the page’s address, encoded', () => {
  expect(readCodeOrder('getwxacodeunlimit', { scene: 'a=1&b=2', page: 'pages/coupon' })).toMatchObject({
    target: 'pages/coupon?scene=a%3D1%26b%3D2',
    width: 430,
    dark: '#000000',
  });
});

test.each([
  ['getwxacodeunlimit', { scene: 'x'.repeat(33) }, 40169],
  ['getwxacodeunlimit', {}, 40169],
  ['getwxacodeunlimit', { scene: '券' }, 40129],
  ['getwxacodeunlimit', { scene: 'a', page: '/pages/index' }, 41030],
  ['getwxacodeunlimit', { scene: 'a', page: 'pages/index?a=1' }, 41030],
  ['getwxacodeunlimit', { scene: 'a', scancode_time: 1 }, 85096],
  ['getwxacode', {}, 40159],
  ['getwxacode', { path: 'p'.repeat(1025) }, 40159],
  ['getwxacode', { path: 'pages/index', env_version: 'beta' }, 40097],
  ['createwxaqrcode', { path: 'p'.repeat(129) }, 40159],
] as const)('%s with %j is refused with %d', (which, body, errcode) => {
  expect(readCodeOrder(which, body)).toEqual({ errcode });
});

test('sizes are kept within bounds and colours are taken as numbers or text', () => {
  const look = (body: object) => readCodeOrder('getwxacode', { path: 'p', ...body });
  expect(look({ width: 10 })).toMatchObject({ width: 280 });
  expect(look({ width: 5000 })).toMatchObject({ width: 1280 });
  expect(look({ line_color: { r: '255', g: 0, b: '16' } })).toMatchObject({ dark: '#ff0010' });
  expect(look({ line_color: { r: 255 }, auto_color: true })).toMatchObject({ dark: '#000000' });
});
