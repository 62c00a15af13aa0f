import type { Processor } from '@lingquan/exactly-once';
import type { Log } from '@lingquan/log';
import { givenUp } from '../domain/delivery.ts';
import type { NotifierMeasure } from '../metrics.ts';
import { factOf } from '../publish/facts.ts';
import { endStuck } from '../store/deliveries.ts';

const BATCH = 500;

/**
 * Ends what was being sent when its process died: the follower may have got it, so it is not sent again, and said so. A minute is
 * longer than any call and its result take.
 */
export async function endUncertain(
  say: Processor['say'],
  measure: NotifierMeasure,
  log: Log,
  olderThanMs: number,
): Promise<void> {
  const ending = givenUp('uncertain');
  await say(async (client) => {
    const stuck = await endStuck(client, olderThanMs, BATCH);
    if (stuck.length > 0) log.warn({ deliveries: stuck.length }, 'messages were being sent when their sender ended');
    for (const _ of stuck) measure.ended(ending);
    return stuck.map((delivery) => factOf(delivery, ending));
  });
}
