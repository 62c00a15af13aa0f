import type { Account } from './account.ts';
import { decodeAesKey, seal } from './crypto.ts';
import { writeJson } from './json-writer.ts';
import { signatureOf } from './signature.ts';
import { writeXml, type WritableFields } from './xml.ts';

/** What WeChat's side of a push needs beside its fields; for the simulator, load tests and tests. */
export interface PushStamp {
  /** Unix seconds. */
  timestamp: number;
  nonce: string;
  /** The sender; WeChat sends it in the query as well, unsigned. */
  openid?: string | undefined;
  /** Random when left away. */
  random16?: Buffer | undefined;
  /** The account's EncodingAESKey when left away; another one plays a push from before or after a change of keys. */
  encodingAESKey?: string | undefined;
}

/** The query of a push, in the order WeChat was seen to send it. With `encrypt` also what the encrypted modes add (reference 2.1). */
export function signPush(account: Pick<Account, 'token'>, stamp: PushStamp, encrypt?: string): Record<string, string> {
  const timestamp = String(stamp.timestamp);
  const { nonce, openid } = stamp;
  return {
    signature: signatureOf([account.token, timestamp, nonce]),
    timestamp,
    nonce,
    ...(openid !== undefined && { openid }),
    ...(encrypt !== undefined && {
      encrypt_type: 'aes',
      msg_signature: signatureOf([account.token, timestamp, nonce, encrypt]),
    }),
  };
}

/**
 * A push as WeChat would make it to the account: in its mode (reference 2.2) and its format.
 * Give numbers and 64-bit ids as number or bigint where WeChat writes them bare.
 */
export function sealPush(
  account: Pick<Account, 'appid' | 'token' | 'encodingAESKey' | 'mode' | 'format'>,
  fields: WritableFields,
  stamp: PushStamp,
): { query: Record<string, string>; body: string } {
  const write = account.format === 'json' ? writeJson : writeXml;
  const clear = write(fields);
  if (account.mode === 'plaintext') return { query: signPush(account, stamp), body: clear };
  const key = decodeAesKey(stamp.encodingAESKey ?? account.encodingAESKey ?? '');
  const encrypt = seal(key, account.appid, clear, stamp.random16);
  const outer = account.mode === 'safe' ? { ToUserName: fields['ToUserName'] } : fields;
  return { query: signPush(account, stamp, encrypt), body: write({ ...outer, Encrypt: encrypt }) };
}
