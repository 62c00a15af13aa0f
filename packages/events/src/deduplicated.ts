import type { TopicName } from './catalogue.ts';
import type { EventOf } from './event.ts';

/**
 * Wraps a handler so that it is given each event once as long as this process remembers: the latest `max` ids (default 100 000, about 15 MB).
 * An id counts as handled when the handler has finished with its batch. After a restart nothing is remembered: where an event must count
 * once for ever, keep its id in your own store, in the transaction that counts it.
 */
export function deduplicated<T extends TopicName, C>(
  handler: (events: EventOf<T>[], context: C) => void | Promise<void>,
  { max = 100_000 }: { max?: number } = {},
): (events: EventOf<T>[], context: C) => Promise<void> {
  const seen = new Set<string>();
  return async (events, context) => {
    const fresh = new Map<string, EventOf<T>>();
    for (const event of events) if (!seen.has(event.id) && !fresh.has(event.id)) fresh.set(event.id, event);
    if (fresh.size > 0) await handler([...fresh.values()], context);
    for (const id of fresh.keys()) seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= max) break;
      seen.delete(oldest);
    }
  };
}
