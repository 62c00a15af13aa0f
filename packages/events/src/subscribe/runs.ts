/** What stands next in a batch: events for the handler, or one record that cannot be read. */
export type Run<R, E> =
  | { kind: 'events'; records: R[]; events: E[] }
  | { kind: 'unreadable'; record: R; error: unknown };

/**
 * Divides records, in their order, into runs of at most `max` events with the unreadable ones between them. `read` throws on what it
 * cannot read. Lazily: what is not reached is not decoded.
 */
export function* toRuns<R, E>(records: readonly R[], read: (record: R) => E, max: number): Generator<Run<R, E>> {
  let run: { records: R[]; events: E[] } = { records: [], events: [] };
  for (const record of records) {
    let event: E;
    try {
      event = read(record);
    } catch (error) {
      if (run.events.length > 0) yield { kind: 'events', ...run };
      run = { records: [], events: [] };
      yield { kind: 'unreadable', record, error };
      continue;
    }
    run.records.push(record);
    run.events.push(event);
    if (run.events.length < max) continue;
    yield { kind: 'events', ...run };
    run = { records: [], events: [] };
  }
  if (run.events.length > 0) yield { kind: 'events', ...run };
}
