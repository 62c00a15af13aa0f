import { expect, test } from '@jest/globals';
import { readQrOrder } from './qr-scene.ts';

const order = (action_name: string, scene: object, expire_seconds?: number) => ({
  action_name,
  expire_seconds,
  action_info: { scene },
});

test('a temporary code lives as long as asked, 60 seconds when nothing is said, 30 days at most', () => {
  const seconds = (asked?: number) => readQrOrder(order('QR_STR_SCENE', { scene_str: 'inv' }, asked));
  expect(seconds(300)).toEqual({ scene: 'inv', permanent: false, expireSeconds: 300 });
  expect(seconds()).toMatchObject({ expireSeconds: 60 });
  expect(seconds(9_999_999)).toMatchObject({ expireSeconds: 2_592_000 });
});

test('a permanent code has no end and a number up to 100000', () => {
  expect(readQrOrder(order('QR_LIMIT_SCENE', { scene_id: 100_000 }))).toEqual({
    scene: '100000',
    permanent: true,
    expireSeconds: undefined,
  });
  expect(readQrOrder(order('QR_LIMIT_SCENE', { scene_id: 100_001 }))).toEqual({ errcode: 40053 });
});

test('without its scene level the code carries 0, as on the platform', () => {
  expect(readQrOrder({ action_name: 'QR_SCENE', action_info: { scene_id: 7 } })).toMatchObject({ scene: '0' });
});

test('an unknown action, a missing info and a missing scene value are refused', () => {
  expect(readQrOrder(order('QR_FOREVER', { scene_id: 1 }))).toEqual({ errcode: 40052 });
  expect(readQrOrder({ action_name: 'QR_SCENE' })).toEqual({ errcode: 40053 });
  expect(readQrOrder(order('QR_SCENE', { scene_id: 0 }))).toEqual({ errcode: 40053 });
  expect(readQrOrder(order('QR_STR_SCENE', { scene_str: '' }))).toEqual({ errcode: 40053 });
});
