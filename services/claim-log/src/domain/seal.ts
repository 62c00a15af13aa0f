import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AppError } from '@lingquan/errors';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM under a key of 32 bytes: nonce, tag, ciphertext. `purpose` binds it to what it is for. */
export function seal(key: KeyObject, purpose: string, text: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** The inverse of `seal`, under whichever of the keys it was: while one takes the place of another there are two. Throws `invalid`. */
export function unseal(keys: readonly KeyObject[], purpose: string, sealed: Buffer): Buffer {
  for (const key of keys) {
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
    } catch {
      // not this key's
    }
  }
  throw new AppError('invalid', 'what was sealed cannot be opened: another key, or it was changed');
}
