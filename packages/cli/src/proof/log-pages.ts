import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { getJson } from '../json.ts';
import type { LoggedLine } from './log-lines.ts';

const text = z.string().nullable();
const page = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      time: z.string(),
      causeId: text,
      openid: text,
      campaignId: text,
      code: text,
      kafka: z.object({ topic: z.string(), partition: z.number(), offset: z.number() }),
    }),
  ),
  next: text,
});

/** A claim log over HTTP. `token` is a reader's that may see followers; needed once the log has readers. */
export type LogAddress = { url: string; token?: string | undefined; topicPrefix: string };

/**
 * Every line of a claim log, or those `query` asks for, page by page; the next page is on its way while one is looked at. Rejects with
 * `unavailable` when it does not answer, `invalid` when it shows followers masked.
 */
export async function* logLines(
  { url, token, topicPrefix }: LogAddress,
  query: Record<string, string> = {},
): AsyncGenerator<LoggedLine[]> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const ask = async (cursor: string | null) => {
    const asked = new URLSearchParams({ ...query, limit: '500', ...(cursor === null ? {} : { cursor }) });
    return (await getJson('claim-log', `${url}/events?${asked.toString()}`, page, headers))!;
  };
  for (let coming: ReturnType<typeof ask> | undefined = ask(null); coming !== undefined;) {
    const { items, next }: z.output<typeof page> = await coming;
    coming = next === null ? undefined : ask(next);
    coming?.catch(() => undefined); // awaited in its turn
    yield items.map(({ time, kafka, ...item }) => {
      if (item.openid?.startsWith('follower:') === true)
        throw new AppError(
          'invalid',
          'claim-log 只给看遮盖过的 openid · shows followers masked: set CLAIM_LOG_TOKEN to a personal reader’s token',
        );
      const { topic, partition, offset } = kafka;
      return { ...item, timeMs: Date.parse(time), topic: topic.slice(topicPrefix.length), partition, offset };
    });
  }
}
