import { newOpaque } from '../../state/ids.ts';

/** How long a download's address is good; pages say 30 s or 5 min (reference B.12). */
export const downloadLifeMs = 30_000;

/** What was decided about a day by hand. */
export type BillState = 'ready' | 'creating' | 'default';

/** Bills that wait to be fetched, and the days somebody has decided about. */
export interface BillShelf {
  /** Lays a bill out; its token. */
  put(content: Buffer, now: number): string;
  /** Undefined when there is none under this token (any more). */
  take(token: string, now: number): Buffer | undefined;
  decide(day: string, state: BillState): void;
  decided(day: string): BillState;
}

export function createBillShelf(): BillShelf {
  const laid = new Map<string, { readonly content: Buffer; readonly goneAt: number }>();
  const days = new Map<string, BillState>();
  return {
    put(content, now) {
      for (const [token, { goneAt }] of laid) if (goneAt <= now) laid.delete(token);
      const token = newOpaque(48);
      laid.set(token, { content, goneAt: now + downloadLifeMs });
      return token;
    },
    take(token, now) {
      const found = laid.get(token);
      return found !== undefined && now < found.goneAt ? found.content : undefined;
    },
    decide: (day, state) => void days.set(day, state),
    decided: (day) => days.get(day) ?? 'default',
  };
}
