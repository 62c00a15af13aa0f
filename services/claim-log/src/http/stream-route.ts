import { Readable } from 'node:stream';
import { AppError } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import type { Context } from 'koa';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Access } from '../access/access.ts';
import type { LogOrder } from '../store/log-order.ts';
import { frames, frameWriter } from '../stream/frames.ts';
import { numberOf } from '../stream/read.ts';
import type { Tail } from '../stream/tail.ts';
import type { ViewFor } from './event-view.ts';
import { refuseFollowerFilter } from './masked.ts';
import { parseStreamQuery } from './stream-query.ts';

export type StreamOptions = {
  access: Access;
  tail: Tail;
  order: LogOrder;
  viewFor: ViewFor;
  streamsMax: number;
  heartbeatMs: number;
  log: Log;
  metrics: Registry;
};

export type Streams = {
  answer: (ctx: Context) => Promise<void>;
  /** Ends them all; their readers connect again. */ close: () => void;
};

/** A reader that has taken nothing for so long is gone: heartbeats come more often. */
const STALLED_MS = 60_000;

/** `GET /events/stream`: what `frames` says, to at most `streamsMax` readers at a time. */
export function eventStreams({
  access,
  tail,
  order,
  viewFor,
  streamsMax,
  heartbeatMs,
  log,
  metrics,
}: StreamOptions): Streams {
  const open = new Set<AbortController>();
  const writer = frameWriter(viewFor);
  const count = new Gauge({
    name: 'lingquan_event_streams',
    help: 'Event streams that are open',
    registers: [metrics],
  });
  const handed = new Counter({
    name: 'lingquan_event_stream_events_total',
    help: 'Events handed to readers of streams',
    registers: [metrics],
  });
  const source = { tail, order, heartbeatMs, log, onHanded: (events: number) => handed.inc(events) };
  return {
    answer: async (ctx) => {
      const { role } = access.reader(ctx, 'masked');
      const { filter, start } = parseStreamQuery(new URLSearchParams(ctx.querystring), ctx.get('Last-Event-ID'));
      refuseFollowerFilter(role, filter);
      const framed = writer(role);
      const from = await numberOf(start, order);
      if (ctx.res.destroyed) return; // the reader has left meanwhile
      if (open.size >= streamsMax)
        throw new AppError('unavailable', `${streamsMax} streams are open already; close one or try later`);
      const stream = new AbortController();
      count.set(open.add(stream).size);
      const unfollow = tail.follow();
      ctx.res.once('close', () => {
        stream.abort();
        unfollow();
        open.delete(stream);
        count.set(open.size);
      });
      ctx.req.socket.setTimeout(STALLED_MS);
      ctx.type = 'text/event-stream';
      // Its connection is used for nothing else: kept alive behind the stream it would hold up a stop.
      ctx.set({ 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no', Connection: 'close' });
      ctx.body = Readable.from(frames(source, { filter, from, framed }, stream.signal));
    },
    close: () => {
      for (const stream of open) stream.abort();
    },
  };
}
