import { createSecretKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newSecret, openSecret, sealSecret, signedHeaders } from './secret.ts';

const body = '{"type":"coupon.claimed"}';
const message = (atMs: number) => ({ id: 'msg-1', atMs, body });

test('signs as the specification’s own library does', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const headers = signedHeaders(message(1_614_265_330_999), [secret]);
  expect(headers).toEqual({
    'webhook-id': 'msg-1',
    'webhook-timestamp': '1614265330',
    'webhook-signature': new Webhook(secret).sign('msg-1', new Date(1_614_265_330_000), body),
  });
});

test('with two secrets either verifies', () => {
  const secrets = [newSecret(), newSecret()];
  const headers = signedHeaders(message(Date.now()), secrets);
  for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toEqual({ type: 'coupon.claimed' });
  expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature');
});

test('a sealed secret opens for its own webhook alone', () => {
  const key = createSecretKey(Buffer.alloc(32, 7));
  const secret = newSecret();
  const sealed = sealSecret(key, 'a', secret);
  expect(openSecret([key], 'a', sealed)).toBe(secret);
  expect(() => openSecret([key], 'b', sealed)).toThrow('cannot be opened');
});
