import { UnusableReason } from '@lingquan/events/coupon.ts';
import { decideLife, passTime } from './life.ts';
import type { LifeAnswer, LifeCommand, LifeFact } from './life.ts';
import type { OwnedCoupon } from './owned-coupon.ts';
import { blockedUntil, withWrongCode } from './till-guard.ts';

/** Everything a batch's commands on coupons are decided from; the functions here keep it true as they go. */
export type LifeState = {
  /** By code: every coupon that one of the commands names and that exists. */
  coupons: Map<string, OwnedCoupon>;
  /** When tills asked for codes that do not exist, by `tillKey`. */
  guesses: Map<string, number[]>;
};

/** One command's outcome. `coupon` is as it stands afterwards; undefined when nobody owns the code, or nobody was to look. */
export type SettledCommand = { coupon: OwnedCoupon | undefined; facts: LifeFact[]; answer: LifeAnswer };

export const tillKey = ({ shop, cashier }: { shop: string; cashier: string }): string => `${shop}\n${cashier}`;

/** Decides one command and applies it to `state`. `code` is undefined when what was typed cannot be one. */
export function settleCommand(
  state: LifeState,
  code: string | undefined,
  command: LifeCommand,
  nowMs: number,
): SettledCommand {
  if (command.kind === 'redeem at till') {
    const untilMs = blockedUntil(state.guesses.get(tillKey(command)) ?? [], nowMs);
    if (untilMs !== undefined) return unknown({ reason: UnusableReason.TOO_MANY_WRONG_CODES, atMs: untilMs });
  }
  const coupon = code === undefined ? undefined : state.coupons.get(code);
  if (coupon === undefined) {
    if (command.kind === 'redeem at till') {
      const key = tillKey(command);
      state.guesses.set(key, withWrongCode(state.guesses.get(key) ?? [], nowMs));
    }
    return unknown({ reason: UnusableReason.UNKNOWN_CODE });
  }
  const decision = decideLife(coupon, command, nowMs);
  state.coupons.set(coupon.code, decision.coupon);
  return decision;
}

const unknown = (why: (LifeAnswer & { kind: 'not done' })['why']): SettledCommand => ({
  coupon: undefined,
  facts: [],
  answer: { kind: 'not done', why },
});

/** Lets the clock act on these coupons: what is due at `nowMs` happens, the rest stays. One step for each that changed. */
export function settleTimers(state: LifeState, codes: string[], nowMs: number) {
  return codes.flatMap((code) => {
    const before = state.coupons.get(code);
    if (before === undefined) return [];
    const step = passTime(before, nowMs);
    if (step.facts.length === 0) return [];
    state.coupons.set(code, step.coupon);
    return [step];
  });
}
