import { hash } from 'node:crypto';

/**
 * A UUID that is a function of its parts (RFC 9562 version 8 over SHA-256): the same parts always name the same thing,
 * so whatever is published twice carries the same id.
 */
export function uuidOf(...parts: string[]): string {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  const bytes = hash('sha256', text, 'buffer').subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The id of a push: of the account and the platform's own identity of the message (see dedupeKey in @lingquan/wechat). */
export const pushId = (appid: string, dedupeKey: string): string => uuidOf('push', appid, dedupeKey);

/** The id of a fact: of the push or command that caused it and of what it says. */
export const outcomeId = (causeId: string, type: string): string => uuidOf('outcome', causeId, type);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);
