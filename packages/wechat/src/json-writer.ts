import type { WritableFields } from './xml.ts';

/** Writes fields as the JSON WeChat uses for mini programs. A bigint becomes a bare number with all its digits (MsgId). */
export function writeJson(fields: WritableFields): string {
  return JSON.stringify(fields, (_name, value: unknown) =>
    typeof value === 'bigint' ? rawJson(String(value)) : value,
  );
}

// In Node since 21; TypeScript's library does not know it yet.
const { rawJSON: rawJson } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };
