import { expect, test } from '@jest/globals';
import { type ReplyWindow, type WindowReason, openWindow, takeMessage } from './reply-windows.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How many messages go out at `now` before one is refused, and the code of that refusal. */
function sendAll(windows: readonly ReplyWindow[], now: number): { sent: number; refusal: number } {
  for (let sent = 0; ; sent += 1) {
    const verdict = takeMessage(windows, now);
    if (verdict !== 'ok') return { sent, refusal: verdict };
  }
}

const after = (reason: WindowReason): ReplyWindow[] => openWindow([], reason, 0);

test('without any action of the follower nothing may be sent', () => {
  expect(takeMessage([], 0)).toBe(45015);
});

test.each([
  ['message', 5, 48 * hour],
  ['menu-tap', 3, minute],
  ['follow', 3, minute],
  ['scan', 3, minute],
  ['enter-chat', 2, minute],
] as const)('%s allows %d messages, until %d ms later', (reason, messages, forMs) => {
  expect(sendAll(after(reason), 0)).toEqual({ sent: messages, refusal: 45047 });
  expect(sendAll(after(reason), forMs - 1)).toEqual({ sent: messages, refusal: 45047 });
  expect(sendAll(after(reason), forMs)).toEqual({ sent: 0, refusal: 45015 });
});

test('a new message of the follower starts the count again', () => {
  const windows = after('message');
  expect(sendAll(windows, 0).sent).toBe(5);
  expect(sendAll(openWindow(windows, 'message', hour), hour).sent).toBe(5);
});

test('different actions add up, and the window that closes first is used first', () => {
  const windows = openWindow(after('message'), 'menu-tap', 0);
  takeMessage(windows, 0);
  expect(windows.map(({ reason, left }) => [reason, left])).toEqual([
    ['message', 5],
    ['menu-tap', 2],
  ]);
  expect(sendAll(windows, 0)).toEqual({ sent: 7, refusal: 45047 });
});
