import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { InboundPush } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { kindOf } from './push-kind.ts';

const push = (
  content: InboundPush['content'],
  accountKind: AccountKind = AccountKind.OFFICIAL_ACCOUNT,
): InboundPush => ({
  ...create(InboundPushSchema, { accountKind }),
  content,
});
const contentOf = (name: string, value: Record<string, unknown> = {}) =>
  create(InboundPushSchema, { content: { case: name, value } as never }).content;

test.each(['text', 'click', 'scan', 'scancodeWaitmsg'])(
  '%s may claim: it awaits its outcome and is limited',
  (name) => {
    expect(kindOf(push(contentOf(name)))).toEqual({ awaitsOutcome: true, isLimited: true });
  },
);

test('following through a scene may claim, but is a fact that must not be lost', () => {
  expect(kindOf(push(contentOf('subscribe', { scene: 's' })))).toEqual({ awaitsOutcome: true, isLimited: false });
  expect(kindOf(push(contentOf('subscribe')))).toEqual({ awaitsOutcome: false, isLimited: false });
});

test.each(['unsubscribe', 'templateSendJobFinish', 'view', 'image', 'unknown', 'userAuthorizationRevoke'])(
  '%s is taken at once and never limited',
  (name) => {
    expect(kindOf(push(contentOf(name)))).toEqual({ awaitsOutcome: false, isLimited: false });
  },
);

test("a mini program's text is limited and awaits nothing", () => {
  expect(kindOf(push(contentOf('text'), AccountKind.MINI_PROGRAM))).toEqual({ awaitsOutcome: false, isLimited: true });
});
