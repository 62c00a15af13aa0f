import { randomBytes, randomInt } from 'node:crypto';
import { type WritableFields, sealPush as sealFields, writeJson, writeXml } from '@lingquan/wechat';
import type { Account } from '../accounts.ts';

/** A push ready to be sent. */
export interface SealedPush {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
  /** The fields in clear, in the account's format. */
  readonly clear: string;
}

/** JSON pushes have no `SubscribeMsg…Event` level, and `List` is an object when it holds one entry (reference 3.5). */
function flatten(fields: WritableFields): WritableFields {
  const flat = Object.entries(fields).map(([name, value]) => {
    const list = /^SubscribeMsg\w+Event$/.test(name) ? (value as { List?: WritableFields[] }).List : undefined;
    return list === undefined ? [name, value] : ['List', list.length === 1 ? list[0] : list];
  });
  return Object.fromEntries(flat) as WritableFields;
}

/** Writes, encrypts and signs a push in the account's mode and format. `timestamp` (seconds) is what it is signed with. */
export function sealPush(account: Account, openid: string, fields: WritableFields, timestamp: number): SealedPush {
  const isJson = account.format === 'json';
  const written = isJson ? flatten(fields) : fields;
  const { query, body } = sealFields(account, written, {
    timestamp,
    nonce: String(randomInt(100_000_000, 2_000_000_000)),
    openid,
    random16: Buffer.from(randomBytes(8).toString('hex')), // the platform itself sends 16 hexadecimal digits
  });
  const separator = account.pushUrl.includes('?') ? '&' : '?';
  return {
    url: `${account.pushUrl}${separator}${new URLSearchParams(query).toString()}`,
    contentType: isJson ? 'application/json' : 'text/xml',
    body,
    clear: isJson ? writeJson(written) : writeXml(written),
  };
}
