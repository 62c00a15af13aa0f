import { runLoad } from '@lingquan/cli';
import type { LoadOptions, LoadSummary } from '@lingquan/cli';
import type { Account } from '@lingquan/accounts';

/** A closed loop with 64 connections, the same for every side of every bench. */
export const sixtyFour = { kind: 'closed', connections: 64 } as const;

/** Distinct followers sending one keyword at an address. */
export const load = (
  ingressUrl: string,
  account: Account,
  more: Pick<LoadOptions, 'pace' | 'durationMs'> & Partial<LoadOptions>,
): Promise<LoadSummary> =>
  runLoad({
    ingressUrl,
    account,
    keyword: '优惠券',
    countMax: Infinity,
    followers: 'distinct',
    seed: String(Math.random()),
    opens: true,
    stopped: new AbortController().signal,
    ...more,
  });

/** Answers with a code. */
export const codes = ({ answers }: LoadSummary): number => answers['code'] ?? 0;

/** Answers with a code, a second. */
export const codesPerSecond = (summary: LoadSummary): number => codes(summary) / summary.seconds;

/** Throws when anything else than a code was answered: then a figure would not mean what it says. */
export function requireCodes(summary: LoadSummary, what: string): void {
  if (codes(summary) !== summary.sent) throw new Error(`${what}: ${JSON.stringify(summary.answers)}`);
}
