import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { CouponCommandSchema } from './gen/lingquan/coupon/v1/commands_pb.ts';
import { CouponEventSchema } from './gen/lingquan/coupon/v1/events_pb.ts';
import { JournalEntrySchema } from './gen/lingquan/coupon/v1/journal_pb.ts';
import { ReplySchema } from './gen/lingquan/ingress/v1/replies_pb.ts';
import { NotifierCommandSchema } from './gen/lingquan/notifier/v1/commands_pb.ts';
import { NotifierEventSchema } from './gen/lingquan/notifier/v1/events_pb.ts';
import { PaymentCommandSchema } from './gen/lingquan/payment/v1/commands_pb.ts';
import { PaymentEventSchema } from './gen/lingquan/payment/v1/events_pb.ts';
import { PaymentNotificationSchema } from './gen/lingquan/payment/v1/notifications_pb.ts';
import { InboundPushSchema } from './gen/lingquan/wechat/v1/inbound_pb.ts';
import { wechatTypes } from './wechat-types.ts';

/** What a topic's records hold: one message, and the ce_type of each kind of it. */
export type TopicContent = {
  schema: DescMessage;
  /**
   * The oneof that tells the kinds apart, and the ce_type of each of its cases. Null where ce_type does not tell: every record of the
   * topic has the one type.
   */
  kinds: { oneof: string; types: Readonly<Record<string, string>> } | null;
  /** With `kinds` null: the ce_type of every record. */
  type?: string;
};

/**
 * Every topic, by its name without the system's prefix, with what its records hold. A kind that the schema has and this table has not
 * fails a test.
 */
export const catalogue = {
  'wechat.inbound': { schema: InboundPushSchema, kinds: { oneof: 'content', types: wechatTypes } },
  'coupon.commands': {
    schema: CouponCommandSchema,
    kinds: {
      oneof: 'command',
      types: {
        createCampaign: 'campaign.create',
        pauseCampaign: 'campaign.pause',
        resumeCampaign: 'campaign.resume',
        changeStock: 'campaign.change_stock',
        lockCoupon: 'coupon.lock',
        redeemCoupon: 'coupon.redeem',
        releaseCoupon: 'coupon.release',
        returnCoupon: 'coupon.return',
        revokeCoupon: 'coupon.revoke',
        fireTimers: 'coupon.fire_timers',
      },
    },
  },
  'coupon.events': {
    schema: CouponEventSchema,
    kinds: {
      oneof: 'event',
      types: {
        campaignCreated: 'campaign.created',
        campaignChanged: 'campaign.changed',
        couponClaimed: 'coupon.claimed',
        couponClaimRefused: 'coupon.claim_refused',
        couponLocked: 'coupon.locked',
        couponReleased: 'coupon.released',
        couponRedeemed: 'coupon.redeemed',
        couponReturned: 'coupon.returned',
        couponExpired: 'coupon.expired',
        couponRevoked: 'coupon.revoked',
        couponUseRefused: 'coupon.use_refused',
      },
    },
  },
  'coupon.journal': { schema: JournalEntrySchema, kinds: null, type: 'coupon.journal' },
  'payment.commands': {
    schema: PaymentCommandSchema,
    kinds: {
      oneof: 'command',
      types: {
        createOrder: 'payment.create_order',
        cancelOrder: 'payment.cancel_order',
        requestRefund: 'payment.request_refund',
        resolveIncident: 'payment.resolve_incident',
      },
    },
  },
  'payment.notifications': {
    schema: PaymentNotificationSchema,
    kinds: {
      oneof: 'notification',
      types: {
        transaction: 'payment.transaction',
        refund: 'payment.refund',
        coupon: 'payment.coupon_answer',
        other: 'payment.other',
      },
    },
  },
  'payment.events': {
    schema: PaymentEventSchema,
    kinds: {
      oneof: 'event',
      types: {
        orderCreated: 'payment.order_created',
        orderPriced: 'payment.order_priced',
        orderPaid: 'payment.order_paid',
        orderClosed: 'payment.order_closed',
        refundRequested: 'payment.refund_requested',
        refundSucceeded: 'payment.refund_succeeded',
        refundFailed: 'payment.refund_failed',
        incidentFound: 'payment.incident_found',
        incidentResolved: 'payment.incident_resolved',
      },
    },
  },
  'notifier.commands': {
    schema: NotifierCommandSchema,
    kinds: { oneof: 'command', types: { tellOutcome: 'notifier.tell_outcome' } },
  },
  'notifier.events': {
    schema: NotifierEventSchema,
    kinds: { oneof: 'event', types: { messageDelivered: 'message.delivered', messageGivenUp: 'message.given_up' } },
  },
  'ingress.replies': { schema: ReplySchema, kinds: null, type: 'ingress.reply' },
} as const satisfies Record<string, TopicContent>;

export type Catalogue = typeof catalogue;

/** A topic's name without the system's prefix, such as `coupon.events`. */
export type TopicName = keyof Catalogue;

/** The message a topic's records hold, such as `CouponEvent` on `coupon.events`. */
export type MessageOn<T extends TopicName> = MessageShape<Catalogue[T]['schema']>;
