import { AppError } from '@lingquan/errors';
import { decode, envelopeOf, replyAddressOf } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import type { AskedCampaign, AskedLife, AskedTimers, Received } from '../domain/received.ts';
import { termsOf } from './campaign-terms.ts';
import { COUNT_MAX, identifier, whole } from './checks.ts';
import { lifeCommandOf } from './life-commands.ts';

export type ReceivedCommand = Received<AskedCampaign | AskedLife | AskedTimers>;

/** A record of coupon.commands, checked. Throws `invalid` on what is no command or breaks a bound. */
export function commandOf(record: IncomingRecord): ReceivedCommand {
  const { command } = decode(CouponCommandSchema, record.value);
  const envelope = envelopeOf(record.headers);
  const replyTo = replyAddressOf(record.headers);
  switch (command.case) {
    case 'createCampaign':
      return {
        envelope,
        replyTo,
        kind: 'campaign',
        command: { kind: 'create', campaignId: campaignId(command), terms: termsOf(command.value.terms) },
      };
    case 'pauseCampaign':
    case 'resumeCampaign':
      return {
        envelope,
        replyTo,
        kind: 'campaign',
        command: { kind: command.case === 'pauseCampaign' ? 'pause' : 'resume', campaignId: campaignId(command) },
      };
    case 'changeStock':
      return {
        envelope,
        replyTo,
        kind: 'campaign',
        command: {
          kind: 'stock',
          campaignId: campaignId(command),
          difference: whole(command.value.difference, 'difference', -COUNT_MAX),
        },
      };
    case 'lockCoupon':
    case 'redeemCoupon':
    case 'releaseCoupon':
    case 'returnCoupon':
    case 'revokeCoupon':
    case 'fireTimers':
      return { envelope, replyTo, ...lifeCommandOf(command, envelope.timeMs) };
    case undefined:
      throw new AppError('invalid', 'this command is of a kind not known here');
    default:
      return command satisfies never;
  }
}

const campaignId = ({ value }: { value: { campaignId: string } }): string =>
  identifier(value.campaignId, 'campaign_id');
