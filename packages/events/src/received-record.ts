import type { ReceivedHeaders } from './envelope.ts';

/** A header's value as clients hand it out. */
type HeaderValue = Uint8Array | string | (Uint8Array | string)[] | null | undefined;

/** Headers as Kafka clients hand them out: an object, a Map, or a list of objects with one header each. */
export type AnyHeaders =
  | Readonly<Record<string, HeaderValue>>
  | ReadonlyMap<string | Uint8Array, HeaderValue>
  | readonly Readonly<Record<string, HeaderValue>>[];

/** A record as any Kafka client hands it out; members that are not here are passed over. */
export type AnyRecord = {
  topic: string;
  headers?: AnyHeaders | null | undefined;
  value: Uint8Array | null;
  key?: Uint8Array | string | null | undefined;
  partition?: number | undefined;
  offset?: number | string | bigint | undefined;
};

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const textOf = (value: Uint8Array | string): string =>
  typeof value === 'string' ? value : bufferOf(value).toString();

/** Headers by name. A header that came more than once is a list, as in kafkajs. */
export function headersOf(headers: AnyRecord['headers']): ReceivedHeaders {
  if (headers === null || headers === undefined) return {};
  const found = Object.create(null) as Record<string, Buffer | string | (Buffer | string)[]>; // a header may have any name
  for (const [name, value] of entriesOf(headers)) {
    if (value === null || value === undefined) continue;
    const values = (Array.isArray(value) ? value : [value]).map((one) =>
      typeof one === 'string' ? one : bufferOf(one),
    );
    const before = found[name];
    const all = before === undefined ? values : [...(Array.isArray(before) ? before : [before]), ...values];
    found[name] = all.length === 1 ? all[0]! : all;
  }
  return found;
}

function entriesOf(headers: AnyHeaders): [string, HeaderValue][] {
  if (headers instanceof Map) return [...headers].map(([name, value]) => [textOf(name), value]);
  if (Array.isArray(headers)) return headers.flatMap((one) => Object.entries(one as Record<string, HeaderValue>));
  return Object.entries(headers as Record<string, HeaderValue>);
}
