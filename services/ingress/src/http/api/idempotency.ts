import { Refusal } from './refusal.ts';

/** What a request under way is known by to its sender: 8 to 64 visible characters. A header given twice has a blank in it. */
export const isIdempotencyKey = (text: string): boolean => /^[\x21-\x7e]{8,64}$/.test(text);

/** The header Idempotency-Key, which a request that makes something needs. */
export function idempotencyKeyOf({ header }: { header: (name: string) => string }): string {
  const key = header('idempotency-key');
  if (!isIdempotencyKey(key)) throw new Refusal('idempotency_key_needed');
  return key;
}
