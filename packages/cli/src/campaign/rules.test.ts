import { expect, test } from '@jest/globals';
import { rulesOf } from './rules.ts';

test('nothing said is no rules', () => {
  expect(rulesOf({})).toBeUndefined();
});

test('days, hours and names are read, sorted, each once', () => {
  expect(
    rulesOf({
      weekdays: '3, 1,0',
      hours: '14:00-18:00,09:30-12:00',
      goods: 'latte,mug,latte',
      shops: '一店, 二店',
      validDays: 7,
    }),
  ).toMatchObject({
    validDays: 7,
    weekdays: [0, 1, 3],
    hours: [
      { fromMinute: 570, untilMinute: 720 },
      { fromMinute: 840, untilMinute: 1080 },
    ],
    scope: { goods: ['latte', 'mug'], categories: [], shops: ['一店', '二店'] },
  });
});

test('a day ends at 24:00, and spans may touch', () => {
  expect(rulesOf({ hours: '22:00-24:00,20:00-22:00' })?.hours).toMatchObject([
    { fromMinute: 1200 },
    { untilMinute: 1440 },
  ]);
});

test('the window goes over as instants', () => {
  const validFrom = new Date('2027-01-02T00:00:00Z');
  expect(rulesOf({ validFrom })?.validFrom?.seconds).toBe(BigInt(validFrom.getTime() / 1000));
});

test.each([
  [{ weekdays: '7' }, '--weekdays'],
  [{ weekdays: '1,1' }, '--weekdays'],
  [{ weekdays: 'mon' }, '--weekdays'],
  [{ hours: '9:00-12:00' }, '--hours'],
  [{ hours: '12:00-09:00' }, '--hours'],
  [{ hours: '22:00-02:00' }, '--hours'],
  [{ hours: '09:00-12:00,11:00-13:00' }, '--hours'],
  [{ hours: '23:00-24:30' }, '--hours'],
  [{ hours: '09:00-12:60' }, '--hours'],
  [{ goods: 'x'.repeat(65) }, '--goods'],
  [{ shops: Array.from({ length: 201 }, (_, n) => n).join() }, '--shops'],
  [{ validFrom: new Date(2), validUntil: new Date(2) }, '--valid-until'],
])('%j is refused, naming its flag', (flags, flag) => {
  expect(() => rulesOf(flags)).toThrow(
    expect.objectContaining({ code: 'invalid', message: expect.stringContaining(flag) }),
  );
});
