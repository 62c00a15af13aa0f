import type { Command } from 'commander';
import { sendCommand } from '../campaign/send-command.ts';
import { showCampaign } from '../campaign/show.ts';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import type { Terminal } from '../terminal.ts';

/** `campaign resume`: a paused campaign takes claims again. */
export const campaignResume = (terminal: Terminal): Command =>
  leaf({
    usage: 'resume <campaign>',
    description: '恢复已暂停的活动 · take claims again',
    examples: ['lingquan campaign resume k7q2m9x4tz0b'],
  }).action(async (campaignId: string, { json }: { json: boolean }) => {
    const system = findSystem(terminal.env);
    await sendCommand(system, campaignId, { case: 'resumeCampaign', value: { campaignId } });
    await showCampaign(terminal, system, { campaignId, json, done: '已恢复 resumed' });
  });
