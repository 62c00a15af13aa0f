import { firstWalk, laterWalk, toCursor } from '../domain/walk.ts';
import type { Walk } from '../domain/walk.ts';
import type { eventPages, EventFilter, EventRow } from '../store/pages.ts';
import type { EventQuery } from './query.ts';

type Pages = ReturnType<typeof eventPages>;

/** One page of `GET /events`: the events after the cursor, and the cursor for what comes next, null when nothing does. */
export async function readPage(pages: Pages, { filter, cursor, limit }: EventQuery) {
  const endOfLog = await pages.endOfLog();
  const walk = cursor ?? firstWalk(endOfLog);
  const rows = await pages.read(filter, walk, limit + 1); // one more than asked for tells whether there is more
  const more = rows.length > limit;
  const items = rows.slice(0, limit);
  const next = more ? standAfter(walk, items.at(-1)!) : await nextWalk(pages, filter, walk, endOfLog);
  return { items: items.map(eventView), next: next === undefined ? null : toCursor(next) };
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

/** An event as JSON. */
const eventView = (row: EventRow) => ({
  id: row.id,
  type: row.type,
  time: row.occurred_at.toISOString(),
  openid: row.openid,
  campaignId: row.campaign_id,
  code: row.code,
  appid: row.appid,
  ...(row.reason === null ? {} : { reason: row.reason }),
  causeId: row.cause_id,
  source: row.source,
  ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  kafka: { topic: row.kafka_topic, partition: row.kafka_partition, offset: Number(row.kafka_offset) },
});
