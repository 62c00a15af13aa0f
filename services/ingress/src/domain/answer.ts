/** What a push is answered with, before it is written in the push's mode and format. */
export type Answer =
  /** A text for the follower. */
  | { kind: 'text'; text: string }
  /** Taken; nothing to say, or it will be said by customer-service message. */
  | { kind: 'success' }
  /** Taken; the outcome was not in in time and follows by customer-service message. */
  | { kind: 'late' }
  /** A limit was reached: nothing was taken, and the follower is told so. Not kept: the next try is a new one. */
  | { kind: 'limited'; text: string };

/** An answer to a push that was taken: its repeats get the same. */
export type KeptAnswer = Exclude<Answer, { kind: 'limited' }>;

export const SUCCESS: KeptAnswer = { kind: 'success' };
export const LATE: KeptAnswer = { kind: 'late' };

/** An answer as Redis keeps it: never empty, because the empty value there means "counted, not answered yet". */
export function encodeAnswer(answer: KeptAnswer): string {
  switch (answer.kind) {
    case 'text':
      return `t${answer.text}`;
    case 'success':
      return 's';
    case 'late':
      return 'l';
    default:
      return answer satisfies never;
  }
}

/** The inverse of `encodeAnswer`; undefined for anything else, such as what a later version wrote. */
export function decodeAnswer(kept: string): KeptAnswer | undefined {
  if (kept === 's') return SUCCESS;
  if (kept === 'l') return LATE;
  return kept.length > 1 && kept.startsWith('t') ? { kind: 'text', text: kept.slice(1) } : undefined;
}
