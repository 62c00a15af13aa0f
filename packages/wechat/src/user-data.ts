import { createDecipheriv, createHmac, hash } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { sameText } from './signature.ts';

/** What a mini program got from WeChat and passed on (reference 9.2). */
export interface EncryptedUserData {
  /** Base64, 16 bytes; from jscode2session. Never leaves the server. */
  sessionKey: string;
  encryptedData: string;
  iv: string;
}

/** Decrypted data; beside the watermark what was asked for (phoneNumber, openId and so on). */
export interface UserData {
  readonly [name: string]: unknown;
  readonly watermark: { readonly appid: string; readonly timestamp: number };
}

/**
 * Opens what `getPhoneNumber` and the like handed to the mini program. How old it is says `watermark.timestamp` (Unix seconds); the caller judges.
 * @throws AppError `unauthorized` when it is another app's, `invalid` when it cannot be opened with this session key
 */
export function openUserData(data: EncryptedUserData, appid: string): UserData {
  const opened = parse(decipher(data));
  if (opened.watermark.appid !== appid) throw new AppError('unauthorized', 'The user data belongs to another appid');
  return opened;
}

/** Whether rawData is what WeChat signed for this session; the session key counts as text, not as the bytes it encodes. */
export function rawDataMatches(rawData: string, sessionKey: string, signature: string): boolean {
  return sameText(signature, hash('sha1', rawData + sessionKey));
}

/** The signature by which `checksession` and others prove a session: HMAC-SHA256 with the session key as text, of '' for checksession. */
export function sessionSignature(sessionKey: string, message = ''): string {
  return createHmac('sha256', sessionKey).update(message).digest('hex');
}

function decipher({ sessionKey, encryptedData, iv }: EncryptedUserData): string {
  try {
    const cipher = createDecipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64'));
    return Buffer.concat([cipher.update(encryptedData, 'base64'), cipher.final()]).toString();
  } catch (cause) {
    throw new AppError('invalid', 'The user data cannot be opened with this session key: log in again', { cause });
  }
}

function parse(text: string): UserData {
  try {
    const data = JSON.parse(text) as UserData;
    if (typeof data.watermark.appid === 'string') return data;
  } catch {
    // Fall through: what a wrong key leaves is rarely JSON.
  }
  throw new AppError('invalid', 'The user data cannot be opened with this session key: log in again');
}
