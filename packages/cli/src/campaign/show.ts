import { AppError } from '@lingquan/errors';
import type { System } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { issuerClient } from './issuer.ts';
import type { Campaign } from './issuer.ts';
import { campaignTable } from './table.ts';

/** The campaign as it stands; rejects with `not_found` when there is none. */
export async function requireCampaign(system: System, campaignId: string): Promise<Campaign> {
  const campaign = await issuerClient(system.couponIssuerUrl).campaign(campaignId);
  if (campaign !== undefined) return campaign;
  throw new AppError('not_found', `没有这个活动 there is no campaign ${campaignId}: lingquan campaign list`);
}

/** Shows a campaign after a change. */
export async function showCampaign(
  terminal: Terminal,
  system: System,
  { campaignId, json, done }: { campaignId: string; json: boolean; done: string },
): Promise<void> {
  const campaign = await requireCampaign(system, campaignId);
  show(terminal, json, campaign, () => `✓ ${done}\n${campaignTable([campaign])}`);
}
