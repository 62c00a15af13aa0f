import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { toHeaders, topics } from '@lingquan/events';
import { CouponAction } from '@lingquan/events/coupon.ts';
import type { CouponAnswerSchema, RedemptionOutcomeSchema } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { PaymentNotificationSchema } from '@lingquan/events/payment.ts';
import type { OutgoingRecord } from '@lingquan/kafka';
import { discountMessage, valueMessage } from '../codec/coupon.ts';
import type { RuleBook } from '../domain/book.ts';
import type { LifeAnswer, LifeCommand } from '../domain/life.ts';
import type { AskedLife, Received } from '../domain/received.ts';
import type { SettledCommand } from '../domain/settle-life.ts';
import { follow } from './follow.ts';
import { unusableMessage } from './life-facts.ts';

/**
 * The answer to a command as it travels and is kept: to payment for orders, to ingress for tills. Null for commands of
 * operators, who ask what became of them.
 */
export function answerContent(
  { envelope, asked, command }: Received<AskedLife>,
  settled: SettledCommand,
  book: RuleBook,
): Buffer | null {
  const causeId = envelope.id;
  switch (command.kind) {
    case 'lock':
    case 'redeem':
    case 'release':
    case 'return': {
      const code = settled.coupon?.code ?? asked;
      const value = { causeId, code, outTradeNo: command.outTradeNo, answer: orderAnswer(command, settled.answer) };
      const notification = create(PaymentNotificationSchema, { notification: { case: 'coupon', value } });
      return Buffer.from(toBinary(PaymentNotificationSchema, notification));
    }
    case 'redeem at till': {
      const value = redemption(settled, book);
      const reply = create(ReplySchema, { causeId, outcome: { case: 'redemption', value } });
      return Buffer.from(toBinary(ReplySchema, reply));
    }
    case 'revoke':
      return null;
    default:
      return command satisfies never;
  }
}

/** The record that carries an answer to whoever gave the command, the first time and each time it comes again. */
export function answerRecords(
  { envelope, replyTo, command }: Received<AskedLife>,
  content: Buffer | null,
): OutgoingRecord[] {
  if (content === null || command.kind === 'revoke') return [];
  if (command.kind !== 'redeem at till')
    return [
      {
        topic: topics.paymentNotifications.name,
        key: command.outTradeNo,
        value: content,
        headers: toHeaders(follow(envelope, 'payment.coupon_answer', 'answer')),
      },
    ];
  if (replyTo === undefined) return []; // nobody waits
  return [
    {
      topic: topics.ingressReplies.name,
      partition: replyTo.partition,
      key: replyTo.instance,
      value: content,
      headers: toHeaders(follow(envelope, 'ingress.reply'), replyTo),
    },
  ];
}

type OrderCommand = Extract<LifeCommand, { outTradeNo: string }>;

const actions = {
  lock: CouponAction.LOCK,
  redeem: CouponAction.REDEEM,
  release: CouponAction.RELEASE,
  return: CouponAction.RETURN,
} as const satisfies Record<OrderCommand['kind'], CouponAction>;

function orderAnswer(
  { kind }: OrderCommand,
  answer: LifeAnswer,
): NonNullable<MessageInitShape<typeof CouponAnswerSchema>['answer']> {
  switch (answer.kind) {
    case 'locked': {
      const { discount, untilMs } = answer;
      return { case: 'locked', value: { discount: discountMessage(discount), until: timestampFromMs(untilMs) } };
    }
    case 'redeemed':
      return { case: 'redeemed', value: {} };
    case 'released':
      return { case: 'released', value: {} };
    case 'returned':
      return { case: 'returned', value: { expired: answer.expired } };
    case 'not done':
      return { case: 'notDone', value: { action: actions[kind], why: unusableMessage(answer.why) } };
    case 'revoked':
      throw new Error('no order revokes');
    default:
      return answer satisfies never;
  }
}

function redemption(
  { coupon, answer }: SettledCommand,
  book: RuleBook,
): MessageInitShape<typeof RedemptionOutcomeSchema> {
  const known =
    coupon === undefined
      ? {}
      : {
          code: coupon.code,
          campaignId: coupon.campaignId,
          campaignName: book.byId.get(coupon.campaignId)!.name,
          value: valueMessage(coupon.worth),
        };
  if (answer.kind === 'not done') return { ...known, outcome: { case: 'refused', value: unusableMessage(answer.why) } };
  if (answer.kind !== 'redeemed') throw new Error('a till redeems or is refused');
  const discount = discountMessage(answer.discount ?? { totalFen: 0, lineFen: [] });
  return { ...known, outcome: { case: 'redeemed', value: { discount, at: timestampFromMs(answer.atMs) } } };
}
