import { setTimeout as delay } from 'node:timers/promises';
import { AppError, codeOf } from '@lingquan/errors';
import { answerOf, refusal } from '../json.ts';
import { sseParser } from './sse.ts';
import type { SseEvent } from './sse.ts';

export type Following = {
  /** `/events/stream` with its filters. */
  url: URL;
  headers: Record<string, string>;
  lastEventId?: string | undefined;
  /** Ends it. */
  stopped: AbortSignal;
  /** The stream broke off and is begun again. */
  onAgain?: () => void;
};

const AGAIN_MS = 1000;
/** Longer than between two heartbeats at their slowest. */
const SILENT_MS = 45_000;

/**
 * The events of a stream as they come, connecting again where it broke off until `stopped` fires. Rejects with what claim-log says
 * when it refuses (`invalid`, `unauthorized`), and with `unavailable` when it was never there.
 */
export async function* follow({
  url,
  headers,
  lastEventId = '',
  stopped,
  onAgain,
}: Following): AsyncGenerator<SseEvent> {
  let last = lastEventId;
  for (let connected = false; !stopped.aborted;) {
    const silent = new AbortController();
    const watch = setTimeout(() => silent.abort(), SILENT_MS);
    try {
      const response = await open(
        url,
        { ...headers, ...(last !== '' && { 'last-event-id': last }) },
        AbortSignal.any([stopped, silent.signal]),
      );
      connected = true;
      const parser = sseParser(last);
      for await (const piece of response.pipeThrough(new TextDecoderStream())) {
        watch.refresh();
        for (const event of parser.push(piece)) yield event;
        last = parser.lastEventId;
      }
    } catch (error) {
      if (stopped.aborted) return;
      const refused = error instanceof AppError && codeOf(error) !== 'unavailable';
      if (refused || !connected) throw error;
    } finally {
      clearTimeout(watch);
    }
    onAgain?.();
    await delay(AGAIN_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
}

async function open(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await fetch(url, { headers, signal }).catch((cause: unknown) => {
    throw new AppError('unavailable', `claim-log 没有回答 does not answer (${url.origin}): npm start`, { cause });
  });
  if (response.ok && response.body !== null) return response.body;
  throw refusal('claim-log', await answerOf(response));
}
