import type { Command } from 'commander';
import { sendCommand } from '../campaign/send-command.ts';
import { showCampaign } from '../campaign/show.ts';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import type { Terminal } from '../terminal.ts';

/** `campaign pause`: claims are refused from here on; coupons already issued keep their worth. */
export const campaignPause = (terminal: Terminal): Command =>
  leaf({
    usage: 'pause <campaign>',
    description: '暂停活动，已领的券不受影响 · refuse claims for now; coupons already issued keep their worth',
    examples: ['lingquan campaign pause k7q2m9x4tz0b'],
  }).action(async (campaignId: string, { json }: { json: boolean }) => {
    const system = findSystem(terminal.env);
    await sendCommand(system, campaignId, { case: 'pauseCampaign', value: { campaignId } });
    await showCampaign(terminal, system, { campaignId, json, done: '已暂停 paused' });
  });
