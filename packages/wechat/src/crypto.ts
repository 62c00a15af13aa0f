import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { AppError } from '@lingquan/errors';

/** WeChat pads to 32 bytes (1 to 32 of them), twice AES's own block: OpenSSL's padding is off both ways. */
const paddingBlock = 32;
const randomLength = 16;
/** Sixteen random bytes and the length of the message (4 bytes, big-endian). */
const headLength = randomLength + 4;

/**
 * The 32-byte AES key of an EncodingAESKey (43 letters and digits). The last two of its 258 bits are thrown away; real keys have
 * them set, so a strict base64 decoder would refuse them. The same text gives the same Buffer: do not write to it.
 * @throws AppError `invalid` when it is not an EncodingAESKey
 */
export function decodeAesKey(encodingAESKey: string): Buffer {
  const known = decodedKeys.get(encodingAESKey);
  if (known) return known;
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAESKey)) {
    throw new AppError('invalid', 'An EncodingAESKey is 43 letters and digits');
  }
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  if (decodedKeys.size >= decodedKeysMax) decodedKeys.clear();
  decodedKeys.set(encodingAESKey, key);
  return key;
}

// Making a cipher from bytes takes 11 us, from a KeyObject 1.3 us: keys, of which there are a few per account, are kept.
const decodedKeys = new Map<string, Buffer>();
const decodedKeysMax = 1000;
const keyObjects = new WeakMap<Buffer, KeyObject>();

function keyObject(key: Buffer): KeyObject {
  const object = keyObjects.get(key) ?? createSecretKey(key);
  keyObjects.set(key, object);
  return object;
}

/**
 * Encrypts a message as WeChat does: AES-256-CBC over random16, length, message and appid, the first half of the key as IV.
 * @param random16 16 bytes; random when left away
 * @returns the `Encrypt` text, base64
 */
export function seal(
  key: Buffer,
  appid: string,
  message: string,
  random16: Buffer = randomBytes(randomLength),
): string {
  if (random16.length !== randomLength) throw new AppError('invalid', 'random16 is 16 bytes');
  const body = Buffer.from(message);
  const owner = Buffer.from(appid);
  const used = headLength + body.length + owner.length;
  const padding = paddingBlock - (used % paddingBlock);
  const plain = Buffer.alloc(used + padding, padding);
  random16.copy(plain);
  plain.writeUInt32BE(body.length, randomLength);
  body.copy(plain, headLength);
  owner.copy(plain, headLength + body.length);
  const cipher = createCipheriv('aes-256-cbc', keyObject(key), key.subarray(0, 16)).setAutoPadding(false);
  return cipher.update(plain, undefined, 'base64') + cipher.final('base64');
}

/**
 * Opens an `Encrypt` text. Check its signature first: then a wrong padding tells an attacker nothing.
 * The order of checks is that of reference section 2.3.
 * @throws AppError `unauthorized` when it was sealed for another appid, `invalid` when it cannot be opened
 */
export function open(key: Buffer, appid: string, encrypt: string): string {
  const plain = decipher(key, decodeBase64(encrypt));
  const end = plain.length - paddingOf(plain);
  if (end < headLength) throw new AppError('invalid', 'The length of the encrypted message is impossible');
  const messageEnd = headLength + plain.readUInt32BE(randomLength);
  if (messageEnd > end) throw new AppError('invalid', 'The length of the encrypted message is impossible');
  if (!plain.subarray(messageEnd, end).equals(Buffer.from(appid))) {
    throw new AppError('unauthorized', 'The message was encrypted for another appid');
  }
  const message = plain.subarray(headLength, messageEnd);
  if (!isUtf8(message)) throw new AppError('invalid', 'The encrypted message is not UTF-8');
  return message.toString();
}

/** Strict: encoding the bytes again must give the same text, so blanks, other alphabets and loose bits are refused. */
function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (text === '' || bytes.toString('base64') !== text) throw new AppError('invalid', 'Encrypt is not base64');
  if (bytes.length % 16 !== 0) throw new AppError('invalid', 'The length of the encrypted message is impossible');
  return bytes;
}

function decipher(key: Buffer, bytes: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-cbc', keyObject(key), key.subarray(0, 16)).setAutoPadding(false);
  const plain = cipher.update(bytes);
  cipher.final(); // nothing is left in it: without padding every block comes out of update
  return plain;
}

function paddingOf(plain: Buffer): number {
  const padding = plain.at(-1) ?? 0;
  const start = plain.length - padding;
  if (padding < 1 || padding > paddingBlock || start < 0) return refusePadding();
  for (let index = start; index < plain.length; index += 1) {
    if (plain[index] !== padding) return refusePadding();
  }
  return padding;
}

function refusePadding(): never {
  throw new AppError('invalid', 'The padding of the encrypted message is wrong: it was sealed with another key');
}
