import { setTimeout as delay } from 'node:timers/promises';
import type { Producer } from '@lingquan/kafka';
import type { Log } from '@lingquan/log';
import type { Pool } from 'pg';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { firstDue, loadDue } from '../store/due.ts';
import type { Due } from '../store/due.ts';
import { fireTimers } from './fire-message.ts';

export type TimersOptions = { pool: Pool; producer: Producer; log: Log; metrics: Registry };

export type Timers = { stop: () => Promise<void> };

/** Codes in one command: as many as the issuer takes. */
const CODES_MAX = 1000;
/** A coupon issued or held meanwhile may be due sooner than the one waited for; and no timer of Node's is longer than 24 days. */
const WAIT_MAX_MS = 1000;
/** How often to look whether the store has taken what was fired. */
const LOOK_MS = 20;
/** After this the same coupons are fired again: the command became a dead letter, or the issuer is far behind. */
const AGAIN_MS = 30_000;

/**
 * Fires what is due, as commands on coupon.commands: the store keeps when, the topic keeps that it did. One command at a time,
 * the next when the store has moved past it. Firing twice is harmless, so every instance may, and a restart just goes on.
 */
export function startTimers({ pool, producer, log, metrics }: TimersOptions): Timers {
  const stopping = new AbortController();
  const { fired, late } = instruments(metrics);
  let under: { keys: Set<string>; sinceMs: number } | undefined;
  let failing = false;

  /** Fires at most one command; returns how long to wait before looking again. */
  async function turn(): Promise<number> {
    const first = await firstDue(pool);
    const nowMs = Date.now();
    late.set(first === undefined ? 0 : Math.max(0, nowMs - first.dueAtMs) / 1000);
    if (first === undefined) return WAIT_MAX_MS;
    if (first.dueAtMs > nowMs) return Math.min(first.dueAtMs - nowMs, WAIT_MAX_MS);
    if (isUnderWay([first], nowMs)) return LOOK_MS;
    const due = await loadDue(pool, nowMs, CODES_MAX);
    if (due.length === 0 || isUnderWay(due, nowMs)) return LOOK_MS;
    await producer.publish([fireTimers(due, nowMs)]);
    under = { keys: new Set(due.map(keyOf)), sinceMs: nowMs };
    fired.inc(due.length);
    return LOOK_MS;
  }

  function isUnderWay(due: Due[], nowMs: number): boolean {
    if (under === undefined || !due.some((one) => under!.keys.has(keyOf(one)))) return false;
    if (nowMs - under.sinceMs < AGAIN_MS) return true;
    log.warn({ coupons: under.keys.size }, 'what is due was fired and is due still; firing again');
    return false;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const waitMs = await turn().then(
        (ms) => {
          failing = false;
          return ms;
        },
        (error: unknown) => {
          if (!failing) log.warn({ err: error }, 'timers do not fire; trying on');
          failing = true;
          return WAIT_MAX_MS;
        },
      );
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined); // stopped
    }
  }

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await producer.stop();
    },
  };
}

const keyOf = ({ code, dueAtMs }: Due): string => `${code} ${dueAtMs}`;

function instruments(registry: Registry) {
  const registers = [registry];
  return {
    fired: new Counter({ name: 'lingquan_timers_fired_total', help: 'Coupons whose due time was said', registers }),
    late: new Gauge({
      name: 'lingquan_timers_late_seconds',
      help: 'For how long the first due coupon has waited',
      registers,
    }),
  };
}
