import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openUserData, rawDataMatches } from './user-data.ts';

const appid = 'wx0000000000000001';
const sessionKey = randomBytes(16).toString('base64');

function seal(text: string) {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv);
  const encryptedData = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
  return { sessionKey, encryptedData, iv: iv.toString('base64') };
}

const invalid = expect.objectContaining({ code: 'invalid' });

test('data of this app opens', () => {
  const data = { phoneNumber: '1', watermark: { timestamp: 1, appid } };
  expect(openUserData(seal(JSON.stringify(data)), appid)).toEqual(data);
});

test('data without a watermark, or that is none, is refused', () => {
  for (const text of ['{}', '{"watermark":{}}', '{"watermark":null}', 'null', 'no JSON', '']) {
    expect(() => openUserData(seal(text), appid)).toThrow(invalid);
  }
});

test('another session key, a cut text and a wrong iv are refused', () => {
  const sealed = seal(`{"phoneNumber":"13800000000","watermark":{"timestamp":1,"appid":"${appid}"}}`);
  const changes = [
    { sessionKey: Buffer.alloc(16).toString('base64') },
    { sessionKey: 'short' },
    { sessionKey: '' },
    { iv: '' },
    { iv: Buffer.alloc(16).toString('base64') },
    { encryptedData: sealed.encryptedData.slice(0, 30) },
    { encryptedData: '' },
  ];
  for (const change of changes) expect(() => openUserData({ ...sealed, ...change }, appid)).toThrow(invalid);
});

test('raw data changed by one letter is not what was signed', () => {
  expect(rawDataMatches('{"a":2}', sessionKey, '0'.repeat(40))).toBe(false);
});
