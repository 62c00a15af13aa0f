import { expect, test } from '@jest/globals';
import { refusalIn } from './acknowledgement.ts';
import { readiness } from './bill.ts';
import { feeFen } from './money.ts';
import { causeNamed, PayRefusal } from './refusal.ts';
import { pauseAfter } from './schedule.ts';
import { startOfDay } from './times.ts';
import { createNonces } from '../state/nonces.ts';
import { createBillShelf } from '../state/bills.ts';

const hour = 3_600_000;
const day = 24 * hour;

test('fifteen repeats over 24 h 4 min, shortened by a factor or all alike', () => {
  const platform = { noticeFactor: 1, noticeIntervalMs: null };
  const pauses = Array.from({ length: 16 }, (_none, index) => pauseAfter(index + 1, platform));
  expect(pauses.slice(0, 4)).toEqual([15_000, 15_000, 30_000, 180_000]);
  expect(pauses[15]).toBeUndefined();
  expect(pauses.slice(0, 15).reduce<number>((sum, pause) => sum + (pause ?? 0), 0)).toBe(24 * hour + 4 * 60_000);
  expect(pauseAfter(1, { noticeFactor: 0.01, noticeIntervalMs: null })).toBe(150);
  expect(pauseAfter(15, { noticeFactor: 1, noticeIntervalMs: 7 })).toBe(7);
});

test('v3 is acknowledged by 200 and 204 whatever the body, v2 by 200 and its XML only', () => {
  expect(refusalIn('v3', { status: 200, body: '<html>' })).toBeUndefined();
  expect(refusalIn('v3', { status: 204, body: '' })).toBeUndefined();
  expect(refusalIn('v3', { status: 202, body: '' })).toBe('HTTP 202');
  const xml = (code: string) => `<xml><return_code>${code}</return_code><return_msg>OK</return_msg></xml>`;
  expect(refusalIn('v2', { status: 200, body: xml('<![CDATA[SUCCESS]]>') })).toBeUndefined();
  expect(refusalIn('v2', { status: 200, body: `\n${xml('SUCCESS')}\n` })).toBeUndefined();
  expect(refusalIn('v2', { status: 200, body: xml('<![CDATA[FAIL]]>') })).toBe('return_code FAIL');
  expect(refusalIn('v2', { status: 204, body: xml('SUCCESS') })).toBe('HTTP 204');
  expect(refusalIn('v2', { status: 200, body: '{"code":"SUCCESS"}' })).toBe('not the XML that acknowledges');
});

test('a bill is ready from ten in the morning of the day after, for three months', () => {
  const start = startOfDay('2026-01-31') ?? 0;
  expect(readiness(start, start - 1)).toBe('future');
  expect(readiness(start, start + day + 10 * hour - 1)).toBe('creating');
  expect(readiness(start, start + day + 10 * hour)).toBe('ready');
  expect(readiness(start, start + 93 * day)).toBe('gone');
  expect(startOfDay('2026-02-30')).toBeUndefined();
  expect(startOfDay('2026-2-3')).toBeUndefined();
});

test('fees are 0.6 %, rounded half up', () => {
  expect([8800, 3000, 83, 84, 1].map(feeFen)).toEqual([53, 18, 0, 1, 0]);
});

test('an error is found by any spelling, and spelt by each API', () => {
  expect(causeNamed('SYSTEMERROR')).toBe('SYSTEM_ERROR');
  expect(causeNamed('NO_AUTH')).toBe('NO_AUTH');
  expect(causeNamed('NEVER_HEARD')).toBeUndefined();
  const refusal = new PayRefusal('ORDER_NOT_EXIST', '订单不存在');
  expect([refusal.v3, refusal.v2]).toEqual([{ status: 404, code: 'ORDER_NOT_EXIST' }, 'ORDERNOTEXIST']);
});

test('a nonce is good once for as long as its request could be replayed', () => {
  const nonces = createNonces();
  expect([nonces.use('a', 0), nonces.use('a', 1), nonces.use('b', 1)]).toEqual([true, false, true]);
  expect(nonces.use('a', 10 * 60_000)).toBe(false);
  expect(nonces.use('c', 11 * 60_000)).toBe(true);
  expect(nonces.use('b', 12 * 60_000)).toBe(false); // of the generation before
  expect(nonces.use('a', 60 * 60_000)).toBe(true);
});

test('a bill’s address is good for thirty seconds', () => {
  const shelf = createBillShelf();
  const token = shelf.put(Buffer.from('x'), 0);
  expect(shelf.take(token, 29_999)?.toString()).toBe('x');
  expect(shelf.take(token, 30_000)).toBeUndefined();
  expect(shelf.take('other', 0)).toBeUndefined();
});
