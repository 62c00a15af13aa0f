import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readAccounts } from './read.ts';

const aesKey = 'k'.repeat(43);
const env = (more: Record<string, string> = {}) => ({
  WECHAT_APP_ID: 'wx0000000000000001',
  WECHAT_APP_SECRET: 'the-secret',
  WECHAT_TOKEN: 'token2026',
  ...more,
});
const inFile = {
  appid: 'wx0000000000000002',
  originalId: 'gh_2',
  name: 'shop',
  kind: 'mini-program',
  secret: 's2',
  token: 'token2',
  encodingAESKey: aesKey,
  mode: 'safe',
  format: 'json',
};

const folder = mkdtempSync(join(tmpdir(), 'accounts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: unknown): string {
  const path = join(folder, 'accounts.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const refusal = (settings: Record<string, string>): string => {
  try {
    readAccounts(settings);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

test('the variables make the default account, an official account with XML pushes', () => {
  expect(readAccounts(env({ WECHAT_ENCODING_AES_KEY: aesKey, WECHAT_MODE: 'compatible' }))).toEqual([
    {
      appid: 'wx0000000000000001',
      originalId: '',
      name: '',
      kind: 'official-account',
      secret: 'the-secret',
      token: 'token2026',
      encodingAESKey: aesKey,
      mode: 'compatible',
      format: 'xml',
      isDefault: true,
    },
  ]);
});

test('without WECHAT_MODE a key means safe mode, no key plaintext', () => {
  expect(readAccounts(env({ WECHAT_ENCODING_AES_KEY: aesKey }))[0]?.mode).toBe('safe');
  expect(readAccounts(env())[0]?.mode).toBe('plaintext');
});

test('the accounts of the file come behind the default one', () => {
  const accounts = readAccounts(env({ WECHAT_ACCOUNTS_FILE: file([inFile]) }));
  expect(accounts.map(({ appid, isDefault }) => [appid, isDefault])).toEqual([
    ['wx0000000000000001', true],
    ['wx0000000000000002', false],
  ]);
  expect(readAccounts({ WECHAT_ACCOUNTS_FILE: file([inFile]) })).toEqual([{ ...inFile, isDefault: false }]);
});

test('without any account it says what to set', () => {
  expect(refusal({ WECHAT_APP_ID: '' })).toMatch(/WECHAT_APP_ID.*WECHAT_TOKEN.*WECHAT_ACCOUNTS_FILE/);
});

test('a missing or wrong variable is named, and no value is shown', () => {
  const message = refusal({ WECHAT_APP_SECRET: 'hush', WECHAT_TOKEN: 'a token', WECHAT_ENCODING_AES_KEY: 'short-key' });
  expect(message).toContain('WECHAT_APP_ID: is missing');
  expect(message).toContain('WECHAT_TOKEN: must be');
  expect(message).toContain('WECHAT_ENCODING_AES_KEY: must be 43');
  expect(message).not.toMatch(/hush|a token|short-key/);
});

test.each(['compatible', 'safe'])('%s mode needs a key', (mode) => {
  expect(refusal(env({ WECHAT_MODE: mode }))).toContain(`WECHAT_ENCODING_AES_KEY: is needed in ${mode} mode`);
});

test('a wrong field of the file is named with its account', () => {
  const { token: _, ...tokenless } = inFile;
  const message = refusal({ WECHAT_ACCOUNTS_FILE: file([inFile, { ...tokenless, appid: 'wx3', mod: 'safe' }]) });
  expect(message).toContain('account 2: token: is missing');
  expect(message).toContain('account 2: mod: there is no such field');
});

test('an official account cannot have JSON pushes', () => {
  expect(refusal({ WECHAT_ACCOUNTS_FILE: file([{ ...inFile, kind: 'official-account' }]) })).toContain('format: only');
});

test('an appid given twice is refused', () => {
  expect(refusal(env({ WECHAT_ACCOUNTS_FILE: file([{ ...inFile, appid: 'wx0000000000000001' }]) }))).toContain('twice');
});

test('a file that is not there, not JSON or not a list is refused without showing its content', () => {
  expect(refusal({ WECHAT_ACCOUNTS_FILE: join(folder, 'nowhere.json') })).toContain('cannot read');
  expect(refusal({ WECHAT_ACCOUNTS_FILE: file('[{"secret":"hush"') })).toMatch(/is not JSON$/);
  expect(refusal({ WECHAT_ACCOUNTS_FILE: file({ appid: 'wx1' }) })).toContain('list of accounts');
});
