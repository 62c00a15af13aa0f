import { expect, test } from '@jest/globals';
import { AppError, codeOf } from '@lingquan/errors';
import type { Account } from './account.ts';

import { decodeAesKey, seal } from './crypto.ts';
import { sealPush, signPush } from './platform.ts';
import { openPush, pushBodyMax, type PushRequest } from './push.ts';
import { signatureOf } from './signature.ts';
import { writeXml } from './xml.ts';

const now = 1_767_226_000;
const currentKey = 'sGP4DssSvC6q4NfmtsPTRF0VRdH4YXuyPPs9NpLMktw';
const previousKey = 'kCDIFDRVbQy0iId5MYxfib4oqEFrqmqzkuTR50XwfoT';
const unknownKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

const account = (changes: Partial<Account> = {}): Account => ({
  appid: 'wx0000000000000001',
  kind: 'official-account',
  secret: 'secret',
  token: 'devToken2026',
  encodingAESKey: currentKey,
  mode: 'safe',
  format: 'xml',
  ...changes,
});

const fields = {
  ToUserName: 'gh_1',
  FromUserName: 'oFollower',
  CreateTime: now,
  MsgType: 'text',
  Content: ']]> 领券 😀 <xml>&amp;</xml>',
  MsgId: 7_400_000_000_000_000_901n,
};
const opened = { ...fields, CreateTime: String(now), MsgId: '7400000000000000901' };
const stamp = { timestamp: now, nonce: '4829', openid: 'oFollower' };

/** The request WeChat would make to this account, with changes of ours. */
function request(of: Account, changes: Partial<PushRequest> = {}, stampChanges: object = {}): PushRequest {
  const { query, body } = sealPush(of, fields, { ...stamp, ...stampChanges });
  return { query, body: Buffer.from(body), now, ...changes };
}

const unauthorized = (message: RegExp) =>
  expect.objectContaining({ code: 'unauthorized', message: expect.stringMatching(message) });
const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'invalid', message: expect.stringMatching(message) });

const modes = ['plaintext', 'compatible', 'safe'] as const;
const formats = ['xml', 'json'] as const;
const everyKind = modes.flatMap((mode) => formats.map((format) => ({ mode, format })));

test.each(everyKind)('a push in $mode mode and $format comes out as it went in', ({ mode, format }) => {
  const of = account({ mode, format });
  const encrypted = mode !== 'plaintext';
  const key = encrypted ? decodeAesKey(currentKey) : undefined;
  expect(openPush(of, request(of))).toEqual({ fields: opened, key, encrypted, format });
});

test('a push sealed with the key before the last change is opened, and its key is given back', () => {
  const of = account({ previousEncodingAESKey: previousKey });
  const push = openPush(of, request(of, {}, { encodingAESKey: previousKey }));
  expect(push.fields).toEqual(opened);
  expect(push.key).toEqual(decodeAesKey(previousKey));
  expect(openPush(of, request(of)).key).toEqual(decodeAesKey(currentKey));
});

test('a push sealed with neither key is refused for what the current key says', () => {
  const of = account({ previousEncodingAESKey: previousKey });
  expect(() => openPush(of, request(of, {}, { encodingAESKey: unknownKey }))).toThrow(invalid(/padding/));
});

test('the other account of the same keys and token does not take the push', () => {
  const other = account({ appid: 'wx0000000000000002' });
  expect(() => openPush(other, request(account()))).toThrow(unauthorized(/appid/));
});

test.each([-600, 0, 600])('a timestamp %i s from now is fresh', (offset) => {
  const of = account();
  expect(openPush(of, request(of, { now: now + offset })).fields).toEqual(opened);
});

test.each([-601, 601, 1e9])('a timestamp %i s from now is stale', (offset) => {
  const of = account();
  expect(() => openPush(of, request(of, { now: now + offset }))).toThrow(unauthorized(/timestamp/));
});

test('the window can be set, and 0 turns it off', () => {
  const of = account();
  expect(() => openPush(of, request(of, { now: now + 11, maxAgeSeconds: 10 }))).toThrow(unauthorized(/timestamp/));
  expect(openPush(of, request(of, { now: now + 1e9, maxAgeSeconds: 0 })).fields).toEqual(opened);
});

test.each(['', 'abc', '1e9', '-1', ' 1767226000', '1767226000.0', '0x69569f10'])(
  'the timestamp "%s" is none',
  (timestamp) => {
    const of = account({ mode: 'plaintext' });
    const signature = signatureOf([of.token, timestamp, '1']);
    const forged = request(of, { query: { signature, timestamp, nonce: '1' } });
    expect(() => openPush(of, forged)).toThrow(unauthorized(/timestamp/));
  },
);

test.each(modes)('a push in %s mode without its signature, or with another, is refused', (mode) => {
  const of = account({ mode });
  const { query, body } = request(of);
  for (const signature of [undefined, '', 'a'.repeat(40), signatureOf(['otherToken', String(now), '4829'])]) {
    expect(() => openPush(of, { query: { ...query, signature }, body, now })).toThrow(unauthorized(/signature/));
  }
});

test('an encrypted push without its msg_signature, or with that of another body, is refused', () => {
  const of = account();
  const [one, other] = [request(of), request(of)];
  for (const msg_signature of [undefined, '', one.query['signature'], other.query['msg_signature']]) {
    expect(() => openPush(of, { ...one, query: { ...one.query, msg_signature } })).toThrow(unauthorized(/signature/));
  }
});

test.each(['plaintext', 'safe', 'compatible'] as const)('only the %s mode is accepted where it is set', (mode) => {
  const of = account({ mode });
  for (const other of modes) {
    const push = () => openPush(of, request(account({ mode: other })));
    // Safe and compatible differ by clear fields that do not count.
    if ((mode === 'plaintext') === (other === 'plaintext')) expect(push().fields).toEqual(opened);
    else expect(push).toThrow(unauthorized(/mode/));
  }
});

test.each(['safe', 'compatible'] as const)(
  'a clear push cannot be passed off as an encrypted one in %s mode',
  (mode) => {
    const of = account({ mode });
    const clear = Buffer.from(writeXml(fields));
    for (const encrypt_type of [undefined, '', 'raw', 'AES', 'none']) {
      const query = { ...signPush(of, stamp), encrypt_type };
      expect(() => openPush(of, { query, body: clear, now })).toThrow(unauthorized(/mode/));
    }
    const query = { ...signPush(of, stamp, ''), encrypt_type: 'aes' };
    expect(() => openPush(of, { query, body: clear, now })).toThrow(unauthorized(/mode/));
  },
);

test('the clear fields beside the encrypted part do not count', () => {
  const of = account({ mode: 'compatible' });
  const { query, body } = request(of);
  const forged = Buffer.from(body.toString().replace('oFollower', 'oThief'));
  expect(forged.equals(body)).toBe(false);
  expect(openPush(of, { query, body: forged, now }).fields).toEqual(opened);
});

test('parameters that come twice, or are longer than any of WeChat, are refused', () => {
  const of = account();
  const { query, body } = request(of);
  for (const name of [...Object.keys(query), 'other']) {
    expect(() => openPush(of, { query: { ...query, [name]: [query[name] as string, 'x'] }, body, now })).toThrow(
      invalid(/once/),
    );
    expect(() => openPush(of, { query: { ...query, [name]: 'x'.repeat(300) }, body, now })).toThrow(invalid(/long/));
  }
});

test('bodies too big, not UTF-8, empty or in the other format are refused', () => {
  const of = account({ mode: 'plaintext' });
  const { query, body } = request(of);
  const refuse = (bytes: Buffer, message: RegExp) =>
    expect(() => openPush(of, { query, body: bytes, now })).toThrow(invalid(message));
  refuse(Buffer.alloc(pushBodyMax + 1, 0x20), /big/);
  refuse(Buffer.concat([body.subarray(0, 20), Buffer.from([0xff]), body.subarray(20)]), /UTF-8/);
  refuse(Buffer.from([0xed, 0xa0, 0x80]), /UTF-8/); // a half surrogate
  refuse(Buffer.alloc(0), /message/);
  refuse(request(account({ mode: 'plaintext', format: 'json' })).body, /message/);
});

test.each(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType'])(
  'a push whose %s is longer than any of the platform is no message',
  (name) => {
    const of = account();
    const { query, body } = sealPush(of, { ...fields, [name]: 'o'.repeat(129) }, stamp);
    expect(() => openPush(of, { query, body: Buffer.from(body), now })).toThrow(
      invalid(new RegExp(`${name} is too long`)),
    );
    const longest = sealPush(of, { ...fields, [name]: 'o'.repeat(128) }, stamp);
    expect(openPush(of, { query: longest.query, body: Buffer.from(longest.body), now }).fields[name]).toHaveLength(128);
  },
);

test.each(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType'])(
  'a push without %s is no message, in any mode',
  (name) => {
    for (const kind of everyKind) {
      const of = account(kind);
      for (const missing of [
        { ...fields, [name]: undefined },
        { ...fields, [name]: '' },
        { ...fields, [name]: { a: '1' } },
      ]) {
        const { query, body } = sealPush(of, missing, stamp);
        expect(() => openPush(of, { query, body: Buffer.from(body), now })).toThrow(
          invalid(new RegExp(`${name} is missing`)),
        );
      }
    }
  },
);

test('what is sealed is parsed as strictly as what is clear', () => {
  const of = account();
  const bomb = '<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>';
  const encrypt = seal(decodeAesKey(currentKey), of.appid, bomb);
  const body = Buffer.from(writeXml({ ToUserName: 'gh_1', Encrypt: encrypt }));
  expect(() => openPush(of, { query: signPush(of, stamp, encrypt), body, now })).toThrow(invalid(/Not a message/));
});

test('an account without its EncodingAESKey is our fault, not the push’s', () => {
  const of = account({ encodingAESKey: undefined });
  expect(() => openPush(of, request(account()))).toThrow(expect.objectContaining({ code: 'internal' }));
});

/** Mulberry32: the same numbers for the same seed, so that a failure can be had again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

test.each(everyKind)(
  'no byte of a push in $mode mode and $format can be changed to an error of ours',
  ({ mode, format }) => {
    const of = account({ mode, format });
    const { query, body } = request(of);
    const random = randomOf(1);
    for (let round = 0; round < 1500; round += 1) {
      const changed = Buffer.from(body);
      for (let changes = random(3) + 1; changes > 0; changes -= 1) changed[random(changed.length)] = random(256);
      const outcome = outcomeOf(() => openPush(of, { query, body: changed, now }).fields);
      if (mode !== 'plaintext') expect([opened, 'invalid', 'unauthorized']).toContainEqual(outcome);
      else expect(outcome).not.toBe('internal');
    }
  },
);

test('cut off anywhere, a push is refused', () => {
  for (const kind of everyKind) {
    const of = account(kind);
    const { query, body } = request(of);
    for (let length = 0; length < body.length; length += 1) {
      const outcome = outcomeOf(() => openPush(of, { query, body: body.subarray(0, length), now }));
      expect(['invalid', 'unauthorized']).toContain(outcome);
    }
  }
});

test('no character of the signed parameters can be changed', () => {
  const of = account();
  const { query, body } = request(of);
  const random = randomOf(2);
  for (const name of ['signature', 'timestamp', 'nonce', 'encrypt_type', 'msg_signature']) {
    for (let round = 0; round < 50; round += 1) {
      const value = query[name] as string;
      const at = random(value.length);
      const other = '0123456789abcdef'.replace(value.charAt(at), '').charAt(random(15));
      const changed = { ...query, [name]: `${value.slice(0, at)}${other}${value.slice(at + 1)}` };
      expect(outcomeOf(() => openPush(of, { query: changed, body, now }))).toBe('unauthorized');
    }
  }
});

function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return codeOf(error);
  }
}
