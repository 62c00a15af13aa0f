import { AppError } from '@lingquan/errors';
import { isUuid } from '@lingquan/events';
import { TIMES } from './logged-event.ts';

/**
 * Where a reader stands. The log is read in walks: a walk takes the events numbered [from, until) by their time, then id.
 * The first walk ends at what was written when it began, so it is a snapshot; whatever came meanwhile, however old its time,
 * is the next walk. A reader that goes on from its last cursor therefore meets every event, once.
 */
export type Walk = {
  from: number;
  until: number;
  /** The last event handed out; none at a walk's beginning. */
  after?: { occurredAtMs: number; id: string };
};

/** Later walks are sorted anew for each page: this bounds the work. */
const LATER_WALK_MAX = 10_000;

export const firstWalk = (endOfLog: number): Walk => ({ from: 0, until: endOfLog });

/** The walk that begins at event `number`, written after the last walk's end. */
export const laterWalk = (number: number, endOfLog: number): Walk => ({
  from: number,
  until: Math.min(endOfLog, number + LATER_WALK_MAX),
});

/** A walk as the opaque text of a cursor. */
export function toCursor({ from, until, after }: Walk): string {
  const parts = after === undefined ? [from, until] : [from, until, after.occurredAtMs, after.id];
  return Buffer.from(parts.join(';')).toString('base64url');
}

/** The inverse of `toCursor`. Throws `invalid` on a text that is no cursor of ours. */
export function fromCursor(cursor: string): Walk {
  const [from = -1, until = -1, occurredAtMs, id, ...more] = Buffer.from(cursor, 'base64url')
    .toString()
    .split(';')
    .map((part, place) => (place === 3 ? part : wholeNumber(part)));
  const walk = { from: Number(from), until: Number(until) };
  const fits = walk.from >= 0 && walk.until >= walk.from && more.length === 0;
  if (fits && occurredAtMs === undefined) return walk;
  const time = Number(occurredAtMs);
  if (fits && time >= 0 && time < TIMES.untilMs && typeof id === 'string' && isUuid(id))
    return { ...walk, after: { occurredAtMs: time, id } };
  throw new AppError('invalid', 'cursor: is not one this service gave out');
}

const wholeNumber = (part: string): number => (/^\d{1,15}$/.test(part) ? Number(part) : -1);
