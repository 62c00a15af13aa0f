import { AccountKind } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { InboundPush } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';

/** How a push is treated. */
export type PushKind = {
  /** Its answer is the outcome: the follower did what may claim a coupon, and the account's pushes take a reply. */
  awaitsOutcome: boolean;
  /** Counted against the follower's limits. */
  isLimited: boolean;
};

const nothing: PushKind = { awaitsOutcome: false, isLimited: false };

/**
 * Limited is what a follower does at will to claim: typing, tapping, scanning. Facts that must not be lost (unfollowing and
 * following, results of jobs, everything unknown) never are. A mini program's pushes take no reply (reference 13): its
 * outcomes go by customer-service message.
 */
export function kindOf(push: InboundPush): PushKind {
  const takesReply = push.accountKind !== AccountKind.MINI_PROGRAM;
  switch (push.content.case) {
    case 'text':
    case 'click':
    case 'scan':
    case 'scancodeWaitmsg':
      return { awaitsOutcome: takesReply, isLimited: true };
    case 'subscribe':
      return { awaitsOutcome: takesReply && push.content.value.scene !== '', isLimited: false };
    default:
      return nothing;
  }
}
