import type { Log } from '@lingquan/log';
import type { Role } from '../domain/mask.ts';
import type { ViewFor } from '../http/event-view.ts';
import type { LogOrder, NumberedRow } from '../store/log-order.ts';
import { readOn, standAt } from './read.ts';
import type { StreamFilter } from './read.ts';
import type { Tail } from './tail.ts';

export type FrameSource = {
  tail: Tail;
  order: LogOrder;
  heartbeatMs: number;
  log: Log;
  onHanded: (events: number) => void;
};
export type Wanted = { filter: StreamFilter; from: number; framed: (row: NumberedRow) => string };

/**
 * The text of one event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html), a page at a time: nothing is read
 * before the last page was taken. Ends when `signal` fires, or when the log cannot be read: the reader then connects again and
 * goes on from his last id. A heartbeat carries an id as well, so that one who seldom finds something still goes on from where he is.
 */
export async function* frames(
  source: FrameSource,
  { filter, from, framed }: Wanted,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { tail, heartbeatMs, log, onHanded } = source;
  yield `retry: 1000\n${place(from)}\n`;
  let stand = standAt(from);
  for (let saidAtMs = Date.now(); !signal.aborted;) {
    const step = await readOn(source, filter, stand).catch((error: unknown) => {
      log.warn({ err: error }, 'an event stream is ended: the log cannot be read');
    });
    if (step === undefined) return;
    const { rows, next } = step;
    stand = next;
    onHanded(rows.length);
    const quietMs = Date.now() - saidAtMs;
    if (rows.length > 0) yield rows.map(framed).join('');
    else if (quietMs >= heartbeatMs) yield `:\n${place(stand.at)}\n`;
    else {
      await tail.beyond(stand.at, heartbeatMs - quietMs, signal);
      continue;
    }
    saidAtMs = Date.now();
  }
}

/** An id without data moves the reader's place and shows him nothing. */
const place = (next: number): string => (next === 0 ? '' : `id: ${next - 1}\n`);

/** Writes an event as a frame, once for all streams of a role. */
export function frameWriter(viewFor: ViewFor): (role: Role) => (row: NumberedRow) => string {
  const written: Record<Role, WeakMap<NumberedRow, string>> = { masked: new WeakMap(), personal: new WeakMap() };
  return (role) => {
    const view = viewFor(role);
    return (row) => {
      let frame = written[role].get(row);
      if (frame === undefined) {
        frame = `id: ${row.number}\ndata: ${JSON.stringify(view(row))}\n\n`;
        written[role].set(row, frame);
      }
      return frame;
    };
  };
}
