import { firstWalk, laterWalk, toCursor } from '../domain/walk.ts';
import type { Walk } from '../domain/walk.ts';
import type { eventPages, EventFilter, EventRow } from '../store/pages.ts';
import type { EventView } from './event-view.ts';
import type { EventQuery } from './query.ts';

type Pages = ReturnType<typeof eventPages>;

/** One page of `GET /events`: the events after the cursor, as `view` shows them, and the cursor for what comes next, null when nothing does. */
export async function readPage(
  pages: Pages,
  { filter, cursor, limit }: EventQuery,
  view: (row: EventRow) => EventView,
): Promise<{ items: EventView[]; next: string | null }> {
  const endOfLog = await pages.endOfLog();
  const walk = cursor ?? firstWalk(endOfLog);
  const rows = await pages.read(filter, walk, limit + 1); // one more than asked for tells whether there is more
  const more = rows.length > limit;
  const items = rows.slice(0, limit);
  const next = more ? standAfter(walk, items.at(-1)!) : await nextWalk(pages, filter, walk, endOfLog);
  return { items: items.map(view), next: next === undefined ? null : toCursor(next) };
}

const standAfter = ({ from, until }: Walk, { occurred_at, id }: EventRow): Walk => ({
  from,
  until,
  after: { occurredAtMs: occurred_at.getTime(), id },
});

/** The walk over what was written since this one's end, if anything was that the reader asked for. */
async function nextWalk(
  pages: Pages,
  filter: EventFilter,
  { until }: Walk,
  endOfLog: number,
): Promise<Walk | undefined> {
  if (endOfLog <= until) return undefined;
  const number = await pages.firstSince(filter, until, endOfLog);
  return number === undefined ? undefined : laterWalk(number, endOfLog);
}
