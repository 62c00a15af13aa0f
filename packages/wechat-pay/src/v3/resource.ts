import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { bytesOfBase64 } from '../base64.ts';

/** Something sealed with the APIv3 key, by the platform's own names. */
export type SealedResource = {
  ciphertext: string;
  nonce: string;
  /** May be absent, which is the same as ''. */
  associated_data?: string | undefined;
};

export const algorithm = 'AEAD_AES_256_GCM';
const tagLength = 16;

/** AES-256 for the 32 bytes every APIv3 key has; published test vectors also hold keys of 16 bytes. */
function cipherOf(key: string | Buffer) {
  const bytes = Buffer.from(key);
  if (bytes.length === 32) return { name: 'aes-256-gcm', bytes } as const;
  if (bytes.length === 16) return { name: 'aes-128-gcm', bytes } as const;
  throw new AppError('invalid', 'An APIv3 key is 32 bytes');
}

/**
 * Opens what the platform sealed with the APIv3 key: AES-GCM, nonce of 12 bytes, the last 16 bytes are the tag (reference B.5).
 * @throws AppError `unauthorized` when it does not open: another key, or tampered with
 */
export function openResource(key: string | Buffer, sealed: SealedResource): string {
  const { name, bytes } = cipherOf(key);
  const data = bytesOfBase64(sealed.ciphertext);
  const nonce = Buffer.from(sealed.nonce);
  if (data === undefined || data.length < tagLength || nonce.length !== 12)
    throw new AppError('unauthorized', 'An encrypted resource is malformed');
  try {
    const decipher = createDecipheriv(name, bytes, nonce, { authTagLength: tagLength });
    decipher.setAuthTag(data.subarray(-tagLength));
    decipher.setAAD(Buffer.from(sealed.associated_data ?? ''));
    return Buffer.concat([decipher.update(data.subarray(0, -tagLength)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new AppError('unauthorized', 'An encrypted resource does not open with the APIv3 key', { cause: error });
  }
}

/** The platform's side. A nonce of 12 bytes, never the same twice under one key. */
export function sealResource(
  key: string | Buffer,
  { nonce, associatedData = '', plaintext }: { nonce: string; associatedData?: string; plaintext: string },
): string {
  const { name, bytes } = cipherOf(key);
  const cipher = createCipheriv(name, bytes, Buffer.from(nonce), { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(associatedData));
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('base64');
}
