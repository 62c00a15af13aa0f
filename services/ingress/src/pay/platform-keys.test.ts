import { readFileSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import { expect, jest, test } from '@jest/globals';
import { createLog } from '@lingquan/log';
import { watchPlatformKeys } from './platform-keys.ts';

type Key = { serial_no: string; cert_pem: string; public_pem?: string };
const file = new URL('../../../../packages/wechat-pay/test-vectors/wechat-pay-vectors.json', import.meta.url);
const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: Record<string, Key> };
const [one, two, pub] = [keys['platform1']!, keys['platform2']!, keys['wxpub']!];
const publicKey = { id: pub.serial_no, key: createPublicKey(pub.public_pem!) };
const log = createLog({ service: 'test', level: 'silent' });
const inTime = Date.parse('2026-01-01T00:00:00Z');

/** Keys whose platform has these certificates; fails while there are none. */
function watch(first: Key[] | undefined, options: { now?: () => number; publicKey?: typeof publicKey } = {}) {
  const platform = { has: first, asked: 0 };
  const watched = watchPlatformKeys({
    publicKey: options.publicKey,
    now: options.now ?? (() => inTime),
    log,
    fetch: async () => {
      platform.asked++;
      if (platform.has === undefined) throw new Error('away');
      return platform.has.map(({ cert_pem: pem }) => ({ pem }));
    },
  });
  return { platform, watched };
}

test('certificates are known by their serial, however it is written', async () => {
  const { watched } = watch([one, two]);
  expect(await watched.renewFor(one.serial_no)).toBe(true);
  expect(watched.ring.get(one.serial_no)).toBeDefined();
  expect(watched.ring.get(two.serial_no.toLowerCase())).toBeDefined();
  expect(watched.ring.get('ABCDEF')).toBeUndefined();
  watched.stop();
});

test('unknown serials cause one question in a few minutes, however many come', async () => {
  const { watched, platform } = watch([one]);
  await Promise.all(Array.from({ length: 50 }, (_, n) => watched.renewFor(`AB${n}`)));
  expect(await watched.renewFor('CD')).toBe(true);
  expect(platform.asked).toBe(1);
  watched.stop();
});

test('after the pause a new certificate is found', async () => {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(1000);
  const { watched, platform } = watch([one]);
  await watched.renewFor(one.serial_no);
  platform.has = [one, two];
  expect([await watched.renewFor(two.serial_no), watched.ring.get(two.serial_no)]).toEqual([true, undefined]);
  clock.mockReturnValue(1000 + 3 * 60_000);
  await watched.renewFor(two.serial_no);
  expect(watched.ring.get(two.serial_no)).toBeDefined();
  expect(platform.asked).toBe(2);
  watched.stop();
  clock.mockRestore();
});

test('while they cannot be had nothing is believed, and the old ones stay', async () => {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(1000);
  const { watched, platform } = watch(undefined);
  expect(await watched.renewFor(one.serial_no)).toBe(false);
  expect(await watched.renewFor(one.serial_no)).toBe(false);
  expect(platform.asked).toBe(1);
  clock.mockReturnValue(3000);
  platform.has = [one];
  expect(await watched.renewFor(one.serial_no)).toBe(true);
  platform.has = undefined;
  clock.mockReturnValue(1_000_000);
  expect(await watched.renewFor(two.serial_no)).toBe(false);
  expect(watched.ring.get(one.serial_no)).toBeDefined();
  watched.stop();
  clock.mockRestore();
});

test('a certificate that is over, or not yet in effect, is no key', async () => {
  let now = Date.parse('2035-01-01T00:00:00Z');
  const { watched } = watch([one], { now: () => now });
  await watched.renewFor(one.serial_no);
  expect(watched.ring.get(one.serial_no)).toBeUndefined();
  now = Date.parse('2020-01-01T00:00:00Z');
  expect(watched.ring.get(one.serial_no)).toBeUndefined();
  watched.stop();
});

test('the public key is configured: another id is none of ours, and asks nobody', async () => {
  const { watched, platform } = watch([one], { publicKey });
  expect(watched.ring.get(pub.serial_no)).toBe(publicKey.key);
  expect(await watched.renewFor('PUB_KEY_ID_2')).toBe(true);
  expect(watched.ring.get('PUB_KEY_ID_2')).toBeUndefined();
  expect(platform.asked).toBe(1); // at the start
  watched.stop();
});

test('a list with something else in it is not taken', async () => {
  const { watched } = watch([{ serial_no: 'AB', cert_pem: 'no certificate' }]);
  expect(await watched.renewFor('AB')).toBe(false);
  watched.stop();
});
