import { InvalidArgumentError } from 'commander';
import { durationMs, instant } from '../numbers.ts';

/** Where a recording begins or ends: at an end of the topics, at an instant, or at offsets by `topic[partition]`. */
export type Bound =
  | { kind: 'beginning' | 'now' }
  | { kind: 'instant'; atMs: number }
  | { kind: 'offsets'; offsets: ReadonlyMap<string, number> };

export const placeKey = (topic: string, partition: number): string => `${topic}[${partition}]`;

const PLACE = /^([a-z0-9._-]+\[\d{1,6}\])@(\d{1,15})$/;

/** An option's parser for `beginning`, `now`, an instant, `15m` (so long ago) or `topic[partition]@offset,…`. */
export function bound(text: string): Bound {
  if (text === 'beginning' || text === 'now') return { kind: text };
  if (/^\d+(\.\d+)?(s|m|h)$/.test(text)) return { kind: 'instant', atMs: Date.now() - durationMs(text) };
  if (!text.includes('@')) return { kind: 'instant', atMs: instant(text).getTime() };
  const offsets = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, place, offset] = PLACE.exec(part.trim()) ?? [];
    if (place === undefined)
      throw new InvalidArgumentError(
        '要 topic[分区]@位移,… · topic[partition]@offset,… is needed, such as wechat.inbound[0]@120.',
      );
    offsets.set(place, Number(offset));
  }
  return { kind: 'offsets', offsets };
}
