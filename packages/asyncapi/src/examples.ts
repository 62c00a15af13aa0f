import { readdirSync, readFileSync } from 'node:fs';
import type { Event } from './events.ts';

const golden = new URL('../../events/golden/', import.meta.url);

/** A record as the system once wrote it. */
export type Example = {
  /** What tells it from the other examples of one ce_type: the case of its oneof; empty when there is one example only. */
  name: string;
  topic: string;
  key: string;
  headers: Readonly<Record<string, string>>;
  /** The value's bytes in base64. */
  value: string;
  /** The value as protobuf JSON. */
  decoded: Readonly<Record<string, unknown>>;
};

/** The recorded examples of an event, of each case the latest. Throws when there is none. */
export function examplesOf({ topic, type }: Pick<Event, 'topic' | 'type'>): Example[] {
  const latest = new Map<string, { version: number; file: string }>();
  for (const file of readdirSync(new URL(`${topic}/`, golden)).toSorted()) {
    const [, kind, version = '1'] = /^([a-z_.]+)(?:@(\d+))?\.json$/.exec(file) ?? [];
    if (kind !== type && kind?.startsWith(`${type}.`) !== true) continue;
    if (Number(version) >= (latest.get(kind)?.version ?? 0)) latest.set(kind, { version: Number(version), file });
  }
  if (latest.size === 0) throw new Error(`no recorded example of ${type} under packages/events/golden/${topic}`);
  return [...latest].map(([kind, { file }]) => {
    const record = JSON.parse(readFileSync(new URL(`${topic}/${file}`, golden), 'utf8')) as Omit<Example, 'name'>;
    return { ...record, name: kind.slice(type.length + 1) };
  });
}
