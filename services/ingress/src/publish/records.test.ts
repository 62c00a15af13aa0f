import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { asTraceparent, decode, envelopeOf, pushId, replyAddressOf, uuidOf } from '@lingquan/events';
import { NotifierCommandSchema } from '@lingquan/events/gen/lingquan/notifier/v1/commands_pb.ts';
import { InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { inboundRecord, tellRecord, traceOf } from './records.ts';

const id = pushId('wx1', 'msgid:1');
const content = create(InboundPushSchema, {
  appid: 'wx1',
  openid: 'o1',
  content: { case: 'scancodeWaitmsg', value: { eventKey: 'k' } },
});
const push = { id, content, receivedAtMs: 1_767_226_000_123, traceparent: traceOf(id) };

test('a push is keyed by its follower, typed by the schema, and carries where its outcome goes', () => {
  const record = inboundRecord(push, { instance: 'i', partition: 3, deadlineMs: 7 });
  expect(record).toMatchObject({ topic: 'wechat.inbound', key: 'wx1:o1' });
  expect(envelopeOf(record.headers)).toMatchObject({ id, type: 'wechat.scancode_waitmsg', timeMs: 1_767_226_000_123 });
  expect(replyAddressOf(record.headers)).toEqual({ instance: 'i', partition: 3, deadlineMs: 7 });
  expect(decode(InboundPushSchema, record.value)).toEqual(content);
  expect(replyAddressOf(inboundRecord(push).headers)).toBeUndefined();
});

test('the notifier is told under an id of its own, always the same', () => {
  const record = tellRecord(push);
  expect(record).toMatchObject({ topic: 'notifier.commands', key: 'o1' });
  expect(envelopeOf(record.headers).id).toBe(uuidOf('tell', id));
  const { command } = decode(NotifierCommandSchema, record.value);
  expect(command).toMatchObject({ case: 'tellOutcome', value: { causeId: id, appid: 'wx1', openid: 'o1' } });
});

test('the trace of a push is a valid one and follows from its id', () => {
  expect(asTraceparent(traceOf(id))).toBe(traceOf(id));
  expect(traceOf(pushId('wx1', 'msgid:2'))).not.toBe(traceOf(id));
});
