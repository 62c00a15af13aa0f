import { constants, createSign, createVerify, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { bytesOfBase64 } from '../base64.ts';

/** RSASSA-PKCS1-v1_5 with SHA-256 over the parts as if joined; base64 (reference B.2). */
export function signRsa(privateKey: KeyObject, ...parts: readonly (string | Buffer)[]): string {
  const signer = createSign('RSA-SHA256');
  for (const part of parts) signer.update(part);
  return signer.sign(privateKey, 'base64');
}

/** Whether `signature` is of these parts by that key. False, not an error, for whatever is not base64 or not of the right length. */
export function matchesRsa(publicKey: KeyObject, signature: string, ...parts: readonly (string | Buffer)[]): boolean {
  const bytes = bytesOfBase64(signature);
  if (bytes === undefined) return false;
  const verifier = createVerify('RSA-SHA256');
  for (const part of parts) verifier.update(part);
  return verifier.verify(publicKey, bytes);
}

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } as const;

/**
 * Encrypts a sensitive field: RSAES-OAEP with SHA-1 (reference B.14); base64, different every time.
 * @throws AppError `invalid` when it is longer than the key takes, 214 bytes for 2048 bits
 */
export function encryptField(publicKey: KeyObject, text: string): string {
  const bytes = Buffer.from(text);
  const max = (publicKey.asymmetricKeyDetails?.modulusLength ?? 2048) / 8 - 42;
  if (bytes.length > max) throw new AppError('invalid', `A field to encrypt has at most ${max} bytes`);
  return publicEncrypt({ key: publicKey, ...oaep }, bytes).toString('base64');
}

/**
 * Opens a field encrypted for this key.
 * @throws AppError `unauthorized` when it does not open
 */
export function decryptField(privateKey: KeyObject, ciphertext: string): string {
  const bytes = bytesOfBase64(ciphertext);
  if (bytes === undefined) throw new AppError('unauthorized', 'An encrypted field is not base64');
  try {
    return privateDecrypt({ key: privateKey, ...oaep }, bytes).toString('utf8');
  } catch (error) {
    throw new AppError('unauthorized', 'An encrypted field does not open with this key', { cause: error });
  }
}
