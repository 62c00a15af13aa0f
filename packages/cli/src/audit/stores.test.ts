import { expect, test } from '@jest/globals';
import type { AuditEvent } from './event.ts';
import { cause, claim, created, ledgerOf, refusal } from '../../test/planted.ts';
import { startIssuerCheck, startLogCheck } from './stores.ts';
import type { AttemptRow, CampaignRow, CouponRow, LogLine } from './stores.ts';

const events = [created(0, { stock: 9 }), claim(1), claim(2), refusal(3)];

const lineOf = (event: AuditEvent, more: Partial<LogLine> = {}): LogLine => ({
  ...event,
  topic: 'coupon.events',
  valueMd5: '',
  ...more,
});

function logFound(lines: LogLine[]): number {
  const check = startLogCheck([{ topic: 'coupon.events', facts: ledgerOf(...events).facts }]);
  for (const line of lines) check.take(line);
  return check.result().found;
}

test('a log that has every event once is in order', () => {
  expect(logFound(events.map((event) => lineOf(event)))).toBe(0);
});

test('a line that is missing, doubled, changed or made up is found', () => {
  const lines = events.map((event) => lineOf(event));
  expect(logFound(lines.slice(1))).toBe(1);
  expect(logFound([...lines, lines[2]!])).toBe(1);
  expect(logFound([...lines.slice(1), lineOf(events[0]!, { campaignId: 'c2' })])).toBe(1);
  expect(logFound([...lines.slice(1), lineOf(events[0]!, { offset: 77 })])).toBe(1);
  expect(logFound([...lines, lineOf(claim(8))])).toBe(1);
  expect(logFound([...lines.slice(1), lineOf(events[0]!, { topic: 'payment.events' })])).toBe(2);
});

type Tables = { coupons: CouponRow[]; attempts: AttemptRow[]; campaigns: CampaignRow[] };

const coupon = (n: number, more: Partial<CouponRow> = {}): CouponRow => ({
  code: `CODE-${n}`,
  campaignId: 'c1',
  openid: `o${n}`,
  causeId: cause(n),
  state: 'issued',
  order: '',
  ...more,
});
const attempt = (n: number, granted: boolean, more: Partial<AttemptRow> = {}): AttemptRow => ({
  causeId: cause(n),
  campaignId: 'c1',
  openid: `o${n}`,
  granted,
  code: granted ? `CODE-${n}` : null,
  ...more,
});
const tables: Tables = {
  coupons: [coupon(1), coupon(2)],
  attempts: [attempt(1, true), attempt(2, true), attempt(3, false)],
  campaigns: [{ id: 'c1', stock: 9, claimed: 2 }],
};

function issuerFound(more: Partial<Tables>): Record<string, number> {
  const check = startIssuerCheck(ledgerOf(...events));
  const { coupons, attempts, campaigns } = { ...tables, ...more };
  for (const row of coupons) check.coupon(row);
  for (const row of attempts) check.attempt(row);
  for (const row of campaigns) check.campaign(row);
  return Object.fromEntries(check.results().map(({ id, found }) => [id, found]));
}

test('tables that say what the events say are in order', () => {
  expect(issuerFound({})).toEqual({ coupons: 0, attempts: 0, counts: 0 });
});

test("a coupon that is missing, made up, or somebody else's is found", () => {
  expect(issuerFound({ coupons: [coupon(1)] })).toMatchObject({ coupons: 1, counts: 1 });
  expect(issuerFound({ coupons: [coupon(1), coupon(2), coupon(9)] })).toMatchObject({ coupons: 1, counts: 1 });
  expect(issuerFound({ coupons: [coupon(1), coupon(2, { openid: 'thief' })] })).toMatchObject({ coupons: 1 });
  expect(issuerFound({ coupons: [coupon(1), coupon(2, { code: 'OTHER' })] })).toMatchObject({ coupons: 1 });
});

test('a coupon in another state than the events left it in is found', () => {
  expect(issuerFound({ coupons: [coupon(1), coupon(2, { state: 'redeemed' })] })).toMatchObject({ coupons: 1 });
  expect(issuerFound({ coupons: [coupon(1), coupon(2, { state: 'locked', order: 'N1' })] })).toMatchObject({
    coupons: 1,
  });
});

test('an attempt that is missing or decided otherwise is found', () => {
  const [one, two, three] = tables.attempts as [AttemptRow, AttemptRow, AttemptRow];
  expect(issuerFound({ attempts: [one, two] })).toMatchObject({ attempts: 1 });
  expect(issuerFound({ attempts: [one, two, { ...three, granted: true }] })).toMatchObject({ attempts: 2 });
  expect(issuerFound({ attempts: [one, { ...two, code: 'OTHER' }, three] })).toMatchObject({ attempts: 1 });
});

test('a campaign that counts wrong, or gave out more than it had, is found', () => {
  expect(issuerFound({ campaigns: [{ id: 'c1', stock: 9, claimed: 3 }] })).toMatchObject({ counts: 1 });
  expect(issuerFound({ campaigns: [{ id: 'c1', stock: 1, claimed: 2 }] })).toMatchObject({ counts: 1 });
});
