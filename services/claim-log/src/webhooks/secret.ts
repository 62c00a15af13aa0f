import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { seal, unseal } from '../domain/seal.ts';

const PREFIX = 'whsec_';

/** The secret a webhook's messages are signed with, in the form Standard Webhooks gives it: `whsec_` and 32 random bytes in base64. */
export const newSecret = (): string => PREFIX + randomBytes(32).toString('base64');

/** Sealed for the store, bound to its webhook. */
export const sealSecret = (key: KeyObject, webhookId: string, secret: string): Buffer =>
  seal(key, `webhook:${webhookId}`, Buffer.from(secret));

/** Throws `invalid` when none of the keys opens it. */
export const openSecret = (keys: readonly KeyObject[], webhookId: string, sealed: Buffer): string =>
  unseal(keys, `webhook:${webhookId}`, sealed).toString();

/** One message as it is sent: its id stays the same however often it is sent, its time is that of the try. */
export type Message = { id: string; atMs: number; body: string };

/**
 * The headers of Standard Webhooks (specification 1.0.0, "Webhook headers"): signed with every secret, so that a receiver may hold
 * the old or the new one while they change.
 */
export function signedHeaders({ id, atMs, body }: Message, secrets: readonly string[]): Record<string, string> {
  const seconds = Math.floor(atMs / 1000);
  const sign = (secret: string) =>
    createHmac('sha256', createSecretKey(secret.slice(PREFIX.length), 'base64'))
      .update(`${id}.${seconds}.${body}`)
      .digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret)}`).join(' '),
  };
}
