import { expect, test } from '@jest/globals';
import { asTraceparent, envelopeOf, replyAddressOf, toHeaders } from './envelope.ts';

const id = '3e5718fe-a51e-8f39-8a86-85fe8f88cf7a';
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const envelope = { id, source: 'ingress', type: 'wechat.text', timeMs: Date.UTC(2026, 10, 21, 8, 0, 0, 123) };
const address = { instance: 'i-1', partition: 3, deadlineMs: 1_795_219_204_500 };

/** Headers as Kafka hands them out. */
const received = (headers: Record<string, Buffer | string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));

test('headers follow the binary mode of CloudEvents for Kafka', () => {
  expect(toHeaders({ ...envelope, traceparent }, address)).toEqual({
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: 'ingress',
    ce_type: 'wechat.text',
    ce_time: '2026-11-21T08:00:00.123Z',
    'content-type': 'application/protobuf',
    traceparent,
    'reply-to': 'i-1;3;1795219204500',
  });
});

test('an envelope and a reply address come back as they were sent', () => {
  const headers = received(toHeaders({ ...envelope, traceparent }, address));
  expect(envelopeOf(headers)).toEqual({ ...envelope, traceparent });
  expect(replyAddressOf(headers)).toEqual(address);
});

test('without a trace or anybody waiting there is none', () => {
  const headers = received(toHeaders(envelope));
  expect(envelopeOf(headers)).toEqual({ ...envelope, traceparent: undefined });
  expect(replyAddressOf(headers)).toBeUndefined();
});

test.each([
  ['ce_id', undefined],
  ['ce_id', 'not-a-uuid'],
  ['ce_id', [Buffer.from(id), Buffer.from(id)]],
  ['ce_type', undefined],
  ['ce_type', ''],
  ['ce_time', undefined],
  ['ce_time', 'yesterday'],
])('a record whose %s is %j is refused, naming the header', (name, value) => {
  const headers = { ...received(toHeaders(envelope)), [name]: value };
  expect(() => envelopeOf(headers)).toThrow(
    expect.objectContaining({ code: 'invalid', message: expect.stringContaining(name) }),
  );
});

test('a trace that is not one is left out, not handed on', () => {
  const headers = { ...received(toHeaders(envelope)), traceparent: '00-x' };
  expect(envelopeOf(headers).traceparent).toBeUndefined();
  expect(asTraceparent(traceparent)).toBe(traceparent);
  expect(asTraceparent(`${traceparent}\r\nx: y`)).toBeUndefined();
  expect(asTraceparent(undefined)).toBeUndefined();
});

test.each(['', ';', 'i-1', 'i-1;x;5', 'i-1;1.5;5', 'i-1;-1;5', 'i-1;1;soon', ';1;5', 'i-1;;5', 'i-1;1;', 'i-1;1;5;6'])(
  'nobody waits at "%s"',
  (written) => expect(replyAddressOf({ 'reply-to': written })).toBeUndefined(),
);
