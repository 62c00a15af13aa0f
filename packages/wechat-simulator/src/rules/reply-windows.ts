/**
 * How many customer-service messages an account may still send to one follower, and until when.
 * Rules: "Customer service messages", table of windows since 2023-06-12; reference 7.1.
 */

export type WindowReason = 'message' | 'menu-tap' | 'follow' | 'scan' | 'enter-chat';

/** One action of the follower and what is left of what it allows. */
export interface ReplyWindow {
  readonly reason: WindowReason;
  /** Milliseconds; the window is open before this instant. */
  readonly closesAt: number;
  left: number;
}

const minuteMs = 60_000;
const allowances: Readonly<Record<WindowReason, { messages: number; forMs: number }>> = {
  message: { messages: 5, forMs: 48 * 60 * minuteMs },
  'menu-tap': { messages: 3, forMs: minuteMs },
  follow: { messages: 3, forMs: minuteMs },
  scan: { messages: 3, forMs: minuteMs },
  'enter-chat': { messages: 2, forMs: minuteMs },
};

/** The windows after an action at `now`: the same action again starts its count anew; what has closed is forgotten. */
export function openWindow(windows: readonly ReplyWindow[], reason: WindowReason, now: number): ReplyWindow[] {
  const { messages, forMs } = allowances[reason];
  const others = windows.filter((window) => window.reason !== reason && window.closesAt > now);
  return [...others, { reason, closesAt: now + forMs, left: messages }];
}

/**
 * Takes one message from the window that closes first. 45015 when none is open, 45047 when all open ones are used up.
 * Which window the platform takes from is not documented; the one that closes first serves the account best.
 */
export function takeMessage(windows: readonly ReplyWindow[], now: number): 'ok' | 45015 | 45047 {
  const open = windows.filter((window) => window.closesAt > now);
  if (open.length === 0) return 45015;
  const usable = open.filter((window) => window.left > 0).toSorted((one, other) => one.closesAt - other.closesAt);
  const [first] = usable;
  if (first === undefined) return 45047;
  first.left -= 1;
  return 'ok';
}
