import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { AppError } from '@lingquan/errors';
import { topics } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import { publishCommand } from '../publish.ts';
import type { System } from '../system.ts';
import { issuerClient } from './issuer.ts';

type AnyCommand = NonNullable<MessageInitShape<typeof CouponCommandSchema>['command']>;
type Command = Extract<AnyCommand, { case?: keyof typeof types }>;

/** ce_type by the command's name in the schema. */
const types = {
  createCampaign: 'campaign.create',
  pauseCampaign: 'campaign.pause',
  resumeCampaign: 'campaign.resume',
  changeStock: 'campaign.change_stock',
} as const;

/**
 * Puts a campaign's command on record and waits for what becomes of it. Resolves when it is done.
 * Rejects with `conflict` and the reason in words when coupon-issuer refuses it, with `unavailable` when nobody answers.
 */
export async function sendCommand(system: System, campaignId: string, command: Command): Promise<void> {
  const commandId = randomUUID();
  const value = toBinary(CouponCommandSchema, create(CouponCommandSchema, { command }));
  const type = types[command.case];
  await publishCommand(system, { topic: topics.couponCommands.name, key: campaignId, commandId, type, value });
  const { outcome, reason, message } = await issuerClient(system.couponIssuerUrl).outcome(commandId);
  if (outcome === 'refused') throw new AppError('conflict', refusalText(reason, message));
}

const refusalText = (reason: string | null | undefined, message: string | null | undefined): string =>
  `被拒绝 refused: ${[reason, message].filter(Boolean).join(' · ') || '没有说明原因 no reason was given'}`;
