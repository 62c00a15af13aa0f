import { z } from 'zod';
import type { Start, StreamFilter } from '../stream/read.ts';
import { INSTANT, checked, instant, once, text } from './query.ts';

export type StreamQuery = { filter: StreamFilter; start: Start };

const typeList = z
  .string()
  .max(2000)
  .transform((list) => list.split(',').map((type) => type.trim()))
  .pipe(z.array(text.min(1)).max(50));

/** `beginning`, `now` or an instant. */
export const startAt = z.union([z.enum(['beginning', 'now']), instant.transform((atMs): Start => ({ atMs }))], {
  error: `must be beginning, now or ${INSTANT}`,
}) satisfies z.ZodType<Start>;

const lastEventId = z
  .string()
  .regex(/^\d{1,15}$/, 'is not an id of this stream')
  .transform(Number);

const schema = z
  .strictObject({
    openid: text,
    campaign: text,
    code: text,
    order: text,
    type: typeList,
    from: startAt,
    lastEventId,
  })
  .partial();

/**
 * Reads the query of `GET /events/stream`; what a browser sends by itself when it connects again (`Last-Event-ID`) comes first.
 * Throws `invalid` naming every wrong parameter.
 */
export function parseStreamQuery(params: URLSearchParams, lastEventIdHeader: string): StreamQuery {
  const given = { ...once(params), ...(lastEventIdHeader === '' ? {} : { lastEventId: lastEventIdHeader }) };
  const { from = 'now', lastEventId: last, type: types, ...filter } = checked(schema, given);
  return { filter: { ...filter, types }, start: last === undefined ? from : { after: last } };
}
