import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { decode, toHeaders, topics } from '@lingquan/events';
import { CampaignCreatedSchema, CouponClaimedSchema, CouponEventSchema, Tell } from '@lingquan/events/coupon.ts';
import type { CouponEvent } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { NotifierCommandSchema } from '@lingquan/events/gen/lingquan/notifier/v1/commands_pb.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import { askedBy } from './asked.ts';

const causeId: string = randomUUID();
const who = { causeId, appid: 'wx1', openid: 'o1' };
const timeMs = Date.UTC(2026, 0, 1);

const record = (topic: string, value: Uint8Array | null): IncomingRecord => ({
  topic,
  partition: 0,
  offset: 0,
  key: null,
  value: value && Buffer.from(value),
  headers: toHeaders({ id: randomUUID(), source: 'test', type: 'test', timeMs }),
});
const command = (tellOutcome: Partial<typeof who>) =>
  record(
    topics.notifierCommands.name,
    toBinary(
      NotifierCommandSchema,
      create(NotifierCommandSchema, { command: { case: 'tellOutcome', value: { ...who, ...tellOutcome } } }),
    ),
  );
const coupon = (tell: Tell, event: CouponEvent['event']) =>
  record(
    topics.couponEvents.name,
    toBinary(CouponEventSchema, create(CouponEventSchema, { ...who, campaignId: 'c', tell, event })),
  );
const claimed = { case: 'couponClaimed', value: create(CouponClaimedSchema, { code: 'CODE' }) } as const;
const campaign = { case: 'campaignCreated', value: create(CampaignCreatedSchema) } as const;

test('a command names who is to be told; the outcome is to be found', () => {
  expect(askedBy(command({}))).toEqual({ ...who, askedAtMs: timeMs, outcome: undefined, traceparent: undefined });
});

test("a mini program's claim brings its outcome along", () => {
  const asked = askedBy(coupon(Tell.CUSTOMER_SERVICE, claimed));
  expect(asked).toMatchObject({ ...who, askedAtMs: timeMs });
  expect(decode(ReplySchema, asked!.outcome!)).toMatchObject({ causeId, outcome: { case: 'claimed' } });
});

test('events that are told in another way, or to nobody, are passed over', () => {
  expect(askedBy(coupon(Tell.REPLY, claimed))).toBeUndefined();
  expect(askedBy(coupon(Tell.UNSPECIFIED, campaign))).toBeUndefined();
  expect(askedBy(coupon(Tell.CUSTOMER_SERVICE, campaign))).toBeUndefined();
});

test.each([
  ['no UUID', command({ causeId: '7' })],
  ['nobody', command({ openid: '' })],
  ['no account', command({ appid: '' })],
  ['no command', record(topics.notifierCommands.name, new Uint8Array())],
  ['nothing', record(topics.notifierCommands.name, null)],
  ['bytes that are no message', record(topics.couponEvents.name, Buffer.from('x{"json":1}'))],
])('what cannot be read is refused: %s', (_, broken) => {
  expect(() => askedBy(broken)).toThrow(expect.objectContaining({ code: 'invalid' }));
});
