import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from '@jest/globals';
import { decode } from '@lingquan/events';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { readTextPush } from './push.ts';

type Push = MessageInitShape<typeof InboundPushSchema>;

const text = (content: string, more: Push = {}): Push => ({
  appid: 'wx0123456789abcdef',
  accountKind: AccountKind.OFFICIAL_ACCOUNT,
  openid: 'oFollower',
  toUserName: 'gh_1',
  createTime: timestampFromMs(Date.UTC(2026, 5, 1, 2, 3, 4, 567)),
  msgId: '7000000000000001',
  content: { case: 'text', value: { content } },
  ...more,
});

const bytesOf = (push: Push): Buffer => Buffer.from(toBinary(InboundPushSchema, create(InboundPushSchema, push)));

/** What the generic decoder says, or undefined when it refuses. */
function generic(bytes: Buffer) {
  try {
    const { appid, openid, accountKind, content } = decode(InboundPushSchema, bytes);
    return content.case === 'text' ? { appid, openid, accountKind, content: content.value.content } : undefined;
  } catch {
    return undefined;
  }
}

test.each<[string, Push]>([
  ['as ingress writes it', text('优惠券')],
  ['of ASCII', text('coupon')],
  ['of nothing', text('')],
  ['with emoji', text('🎟️')],
  ['with all else left out', { content: { case: 'text', value: { content: '券' } } }],
  ['to a mini program', text('券', { accountKind: AccountKind.MINI_PROGRAM })],
])('a text %s is read without the generic decoder', (_, push) => {
  const bytes = bytesOf(push);
  expect(readTextPush(bytes)).toEqual(generic(bytes));
  expect(generic(bytes)).toBeDefined();
});

test.each<[string, Push]>([
  ['a menu tap', text('', { content: { case: 'click', value: { eventKey: '券' } } })],
  ['a text with a menu id', text('', { content: { case: 'text', value: { content: 'a', bizmsgmenuid: '1' } } })],
  ['a long text', text('券'.repeat(60))],
  ['an openid beyond ASCII', text('券', { openid: 'é' })],
  ['other fields', text('券', { otherFields: [{ path: 'A', value: 'b' }] })],
  ['a byte order mark', text('\uFEFF券')],
  ['no content', { appid: 'wx1', openid: 'o' }],
])('%s is left to the generic decoder', (_, push) => {
  expect(readTextPush(bytesOf(push))).toBeUndefined();
});

test('whatever single byte is changed, cut off or doubled, it reads what the generic decoder reads, or leaves it', () => {
  const whole = bytesOf(text('券a'));
  let read = 0;
  const check = (bytes: Buffer) => {
    const push = readTextPush(bytes);
    if (push === undefined) return;
    read++;
    expect(push).toEqual(generic(bytes));
  };
  for (let at = 0; at < whole.length; at++) {
    check(whole.subarray(0, at));
    check(Buffer.concat([whole.subarray(0, at), whole.subarray(at, at + 1), whole.subarray(at)]));
    for (let value = 0; value < 256; value++)
      check(Buffer.concat([whole.subarray(0, at), Buffer.of(value), whole.subarray(at + 1)]));
  }
  expect(read).toBeGreaterThan(1000);
});
