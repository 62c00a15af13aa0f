import type { Envelope, ReplyAddress } from '@lingquan/events';
import type { CampaignCommand } from './command.ts';
import type { LifeCommand } from './life.ts';

/** A command on a campaign. */
export type AskedCampaign = { kind: 'campaign'; command: CampaignCommand };
/** A command on one coupon, and the code as it was asked for; `code` is undefined when that cannot be one. */
export type AskedLife = { kind: 'life'; asked: string; code: string | undefined; command: LifeCommand };
/** The clock reached the due times of these coupons. */
export type AskedTimers = { kind: 'timers'; codes: string[] };

/** A command as it came, with who waits for its outcome. Its time is `envelope.timeMs`. */
export type Received<A> = A & { envelope: Envelope; replyTo: ReplyAddress | undefined };
