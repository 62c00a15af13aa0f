import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { accountOf, defaultAppid } from './account.ts';
import { findSystem } from './system.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A LOCAL_DIR as local-stack leaves it. */
function localDir(files: { servers?: unknown; secrets?: unknown }): string {
  const folder = mkdtempSync(join(tmpdir(), 'lingquan-system-'));
  folders.push(folder);
  mkdirSync(join(folder, 'run'));
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  if (files.servers !== undefined) write('run/servers.json', files.servers);
  if (files.secrets !== undefined) write('secrets.json', files.secrets);
  return folder;
}

const servers = {
  kafkaBrokers: '127.0.0.1:19092',
  postgresUrl: 'postgres://postgres@127.0.0.1:15432',
  redisUrl: 'redis://127.0.0.1:16379',
  topicPrefix: 'two.',
  services: {
    ingress: 'http://127.0.0.1:9080',
    'coupon-issuer': 'http://127.0.0.1:9081',
    payment: 'http://127.0.0.1:9082',
    'claim-log': 'http://127.0.0.1:9084',
    simulator: 'http://127.0.0.1:9090',
  },
};

test('the system that runs is found by its LOCAL_DIR alone', () => {
  expect(findSystem({ LOCAL_DIR: localDir({ servers }) })).toEqual({
    kafkaBrokers: ['127.0.0.1:19092'],
    postgresUrl: servers.postgresUrl,
    topicPrefix: 'two.',
    ingressUrl: 'http://127.0.0.1:9080',
    couponIssuerUrl: 'http://127.0.0.1:9081',
    paymentUrl: 'http://127.0.0.1:9082',
    claimLogUrl: 'http://127.0.0.1:9084',
    simulatorUrl: 'http://127.0.0.1:9090',
  });
});

test('the environment comes first, a variable at a time; an empty one is none', () => {
  const env = { LOCAL_DIR: localDir({ servers }), COUPON_ISSUER_URL: 'http://issuer.test/', TOPIC_PREFIX: '' };
  expect(findSystem(env)).toMatchObject({ couponIssuerUrl: 'http://issuer.test', topicPrefix: 'two.' });
});

test('without a running system ports stand for addresses on this machine', () => {
  const env = { LOCAL_DIR: '/nowhere', KAFKA_BROKERS: 'a:1,b:2', COUPON_ISSUER_PORT: '9999' };
  expect(findSystem(env)).toMatchObject({
    kafkaBrokers: ['a:1', 'b:2'],
    couponIssuerUrl: 'http://127.0.0.1:9999',
    ingressUrl: 'http://127.0.0.1:8080',
    paymentUrl: 'http://127.0.0.1:8082',
    simulatorUrl: undefined,
  });
});

test('where nothing is known it says how to start a system, and how to name one', () => {
  expect(() => findSystem({ LOCAL_DIR: '/nowhere' })).toThrow(/npm start[\s\S]*KAFKA_BROKERS/);
});

test('a file that is half written means that the system is starting', () => {
  expect(() => findSystem({ LOCAL_DIR: localDir({ servers: '{"kafkaBro' }) })).toThrow('may be starting');
});

const secrets = {
  WECHAT_APP_ID: 'wx00000000000000aa',
  WECHAT_APP_SECRET: 'secret',
  WECHAT_TOKEN: 'generated',
  WECHAT_ENCODING_AES_KEY: 'k'.repeat(43),
  WECHAT_MODE: 'safe',
};

test('pushes are signed with the generated secrets, or with what the environment says', () => {
  const LOCAL_DIR = localDir({ secrets });
  expect(accountOf({ LOCAL_DIR }, undefined)).toMatchObject({
    appid: secrets.WECHAT_APP_ID,
    mode: 'safe',
    token: 'generated',
  });
  expect(accountOf({ LOCAL_DIR, WECHAT_MODE: 'plaintext' }, undefined)).toMatchObject({
    mode: 'plaintext',
    token: 'generated',
  });
  expect(defaultAppid({ LOCAL_DIR })).toBe(secrets.WECHAT_APP_ID);
});

test('an account nobody configured is refused, naming those there are', () => {
  expect(() => accountOf({ LOCAL_DIR: localDir({ secrets }) }, 'wx-other')).toThrow(secrets.WECHAT_APP_ID);
  expect(() => defaultAppid({ LOCAL_DIR: '/nowhere' })).toThrow('--appid');
});
