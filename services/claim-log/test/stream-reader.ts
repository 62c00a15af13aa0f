import { setTimeout as delay } from 'node:timers/promises';

export type Streamed = { id: string; event: { id: string; type: string; code: string | null; openid: string | null } };

/** Reads an event stream as its specification says, into `events`; `lastEventId` is what a reader would connect again with. */
export function readStream(url: string, headers: Record<string, string> = {}) {
  const aborted = new AbortController();
  const reader = {
    events: [] as Streamed[],
    codes: () => reader.events.map(({ event }) => event.code),
    lastEventId: '',
    /** Blocks without data: heartbeats and the beginning. */
    beats: 0,
    status: 0,
    /** So long is waited before each chunk is taken. */
    pauseMs: 0,
    done: Promise.resolve(),
    close: async () => {
      aborted.abort();
      await reader.done;
    },
  };
  const take = (block: string) => {
    const lines = block.split('\n');
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    reader.lastEventId = field('id') ?? reader.lastEventId;
    const data = field('data');
    if (data === undefined) reader.beats++;
    else reader.events.push({ id: reader.lastEventId, event: JSON.parse(data) as Streamed['event'] });
  };
  const run = async () => {
    const response = await fetch(url, { headers, signal: aborted.signal });
    reader.status = response.status;
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      if (reader.pauseMs > 0) await delay(reader.pauseMs);
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      blocks.forEach(take);
    }
  };
  reader.done = run().catch((error: unknown) => {
    if (!aborted.signal.aborted && reader.status === 0) throw error;
  });
  return reader;
}
