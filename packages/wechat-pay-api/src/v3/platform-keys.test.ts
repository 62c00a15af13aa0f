import { expect, test } from '@jest/globals';
import { certificateFor, newKeyPair } from '@lingquan/merchant/test/merchant-folder.ts';
import { readCertificate } from '@lingquan/wechat-pay';
import type { PlatformCertificate } from '@lingquan/wechat-pay';
import { pino } from 'pino';
import { failed, ok, type PayOutcome } from '../outcome.ts';
import { platformKeys } from './platform-keys.ts';

const pair = newKeyPair();
const first = readCertificate(await certificateFor(pair.key, { serialNumber: '0a', days: 10 }));
const second = readCertificate(await certificateFor(pair.key, { serialNumber: '0b', days: 100 }));

/** Keys whose downloads are scripted; `clock.ms` is now. */
function scripted(...answers: PayOutcome<PlatformCertificate[] | 'none'>[]) {
  const clock = { ms: Date.now(), downloads: 0 };
  const keys = platformKeys({
    publicKey: undefined,
    download: () => Promise.resolve(answers[Math.min(clock.downloads++, answers.length - 1)]!),
    log: pino({ level: 'silent' }),
    now: () => clock.ms,
  });
  return { keys, clock };
}

test('an unknown serial is looked for at most once in three minutes, by however many', async () => {
  const { keys, clock } = scripted(ok([first]), ok([first, second]));
  await Promise.all([keys.lookForNew(), keys.lookForNew()]);
  await keys.lookForNew();
  expect(clock.downloads).toBe(1);
  expect(keys.ring.get('B')).toBeUndefined();
  clock.ms += 3 * 60_000;
  await keys.lookForNew();
  expect(clock.downloads).toBe(2);
  expect(keys.ring.get('B')).toBeDefined();
  expect(keys.ring.get('000a')).toBeDefined();
});

test('a certificate counts until it ends, also when the platform shows it no more', async () => {
  const { keys, clock } = scripted(ok([first]), ok([second]));
  await keys.lookForNew();
  clock.ms += 3 * 60_000;
  await keys.lookForNew();
  expect(keys.certificates().map(({ serialNo }) => serialNo)).toEqual(['0A', '0B']);
  clock.ms = first.expiresAtMs;
  expect(keys.ring.get('0A')).toBeUndefined();
  expect(keys.certificates().map(({ serialNo }) => serialNo)).toEqual(['0B']);
});

test('a download that fails leaves what is known', async () => {
  const { keys, clock } = scripted(ok([first]), failed('uncertain', 'timeout'));
  await keys.lookForNew();
  clock.ms += 3 * 60_000;
  await keys.lookForNew();
  expect(keys.ring.get('0A')).toBeDefined();
});

test('the start goes on by itself until there are some, and stops when told', async () => {
  const answers = [failed('not_sent', 'ECONNREFUSED'), ok([first])];
  let arrived = () => {};
  const tried = new Promise<void>((resolve) => (arrived = resolve));
  let downloads = 0;
  const keys = platformKeys({
    publicKey: undefined,
    download: () => {
      if (++downloads === 2) arrived();
      return Promise.resolve(answers[downloads - 1]!);
    },
    log: pino({ level: 'silent' }),
    now: Date.now,
    retryMs: 1,
  });
  const keepAlive = setInterval(() => {}, 1000);
  await keys.start();
  await tried;
  await keys.stop();
  clearInterval(keepAlive);
  expect(keys.certificates()).toHaveLength(1);
});
