/** An event of a stream, with the id to go on from. */
export type SseEvent = { id: string; data: string };

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) out of text in pieces: push a piece, get
 * the events it completed. `lastEventId` moves with ids that come without an event, too.
 */
export function sseParser(lastEventId = '') {
  let rest = '';
  let data: string[] = [];
  let id = lastEventId;
  const parser = {
    lastEventId,
    push: (piece: string): SseEvent[] => {
      const events: SseEvent[] = [];
      const lines = (rest + piece).split('\n');
      rest = lines.pop()!;
      for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line, events);
      return events;
    },
  };
  function take(line: string, events: SseEvent[]): void {
    if (line === '') {
      parser.lastEventId = id;
      if (data.length > 0) events.push({ id, data: data.join('\n') });
      data = [];
      return;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  }
  return parser;
}
