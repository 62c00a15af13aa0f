import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';
import { webhookText } from '../webhook/text.ts';

/** `webhook resend`: everything from there on is sent again. */
export const webhookResend = (terminal: Terminal): Command =>
  leaf({
    usage: 'resend <webhook>',
    description: '从某时刻或某事件起全部重发 · send everything again from an instant or an event on',
    examples: [
      'lingquan webhook resend 7b1c… --from 2026-11-21T08:00:00+08:00',
      'lingquan webhook resend 7b1c… --from 5d0c1e9a-…   # webhook-id',
    ],
  })
    .requiredOption('--from <when>', 'beginning、时刻或 webhook-id · beginning, an instant or a webhook-id')
    .action(async (id: string, { json, from }: { json: boolean; from: string }) => {
      const changed = await webhookClient(findSystem(terminal.env), terminal.env).resend(id, from);
      show(terminal, json, changed, () => `✓ ${webhookText(changed)}`);
    });
