import { expect, test } from '@jest/globals';
import { understand } from './call.ts';
import { readCallbackIps } from './callback-ips.ts';
import { readSent } from './customer-service.ts';
import { readToken } from './stable-token.ts';

const answer = (body: unknown, status = 200) =>
  understand(status, 'application/json', Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), ['AT']);

test.each([
  [-1, 'busy'],
  [40001, 'token_invalid'],
  [40014, 'token_invalid'],
  [42001, 'token_invalid'],
  [45011, 'quota_minute'],
  [45009, 'quota_daily'],
  [43004, 'user_unreachable'],
  [45015, 'user_unreachable'],
  [45047, 'user_unreachable'],
  [40003, 'user_unreachable'],
  [70000, 'user_unreachable'],
  [43101, 'user_refused'],
  [40164, 'config'],
  [48001, 'config'],
  [47001, 'permanent'],
  [99999, 'permanent'],
])('errcode %i means %s', (errcode, failure) => {
  expect(answer({ errcode, errmsg: 'why' })).toEqual({ kind: 'failed', failure, errcode, detail: 'why' });
});

test.each([
  ['a web page', '<html>', 200],
  ['nothing', '', 200],
  ['half an answer', '{"errcode":0,', 200],
  ['a server error', '{"errcode":0}', 502],
])('%s leaves it uncertain whether the request had its effect', (_, body, status) => {
  expect(answer(body, status)).toMatchObject({ failure: 'uncertain' });
});

test('a web server that refuses the request as such has not passed it on', () => {
  expect(answer('', 404)).toMatchObject({ failure: 'config' });
  expect(answer('', 302)).toMatchObject({ failure: 'config' });
  expect(answer('', 429)).toMatchObject({ failure: 'busy' });
});

test('an errmsg that repeats the token is cleaned of it', () => {
  expect(answer({ errcode: 40014, errmsg: 'bad AT, rid: 6a1b' })).toMatchObject({ detail: 'bad …, rid: 6a1b' });
});

test('control characters inside an answer do no harm', () => {
  expect(answer('{"errcode":0,"errmsg":"a\u0001b"}')).toMatchObject({ kind: 'ok' });
});

test('a sent message says errcode 0; an answer without it is not believed', () => {
  expect(readSent({ errcode: 0 })).toEqual({ kind: 'ok', value: undefined });
  expect(readSent({})).toMatchObject({ failure: 'uncertain' });
});

test.each([
  [{}],
  [{ access_token: '', expires_in: 7200 }],
  [{ access_token: 'AT', expires_in: 0 }],
  [{ access_token: 7 }],
])('an answer that holds no token is none: %j', (json) => {
  expect(readToken(json, 0)).toMatchObject({ failure: 'uncertain' });
});

test('addresses and ranges of both kinds are taken', () => {
  const list = ['203.0.113.10', '198.51.100.0/24', '2001:db8::1', '2001:db8::/32'];
  expect(readCallbackIps({ ip_list: list })).toEqual({ kind: 'ok', value: list });
});

test.each([[undefined], [[]], [['203.0.113.10', '203.0.113.300']], [['1.2.3.4/33']], [['1.2.3.4/8/8']], [[7]]])(
  'a list with anything else in it is not taken at all: %j',
  (list) => {
    expect(readCallbackIps({ ip_list: list })).toMatchObject({ failure: 'uncertain' });
  },
);
