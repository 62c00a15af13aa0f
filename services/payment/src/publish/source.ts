/** `ce_source` of everything payment says. */
export const SOURCE = 'payment';

/** What made payment say something. */
export type Cause = {
  /** ce_id of the command or notice; a call's result has an id of its own. */
  id: string;
  timeMs: number;
  traceparent: string | undefined;
};
