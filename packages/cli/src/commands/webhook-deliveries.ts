import { Option } from 'commander';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { wholeNumber } from '../numbers.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';
import { deliveryTable } from '../webhook/text.ts';

type Flags = { state?: string; limit: number; cursor?: string; json: boolean };

/** `webhook deliveries`: what was sent and what came of it. */
export const webhookDeliveries = (terminal: Terminal): Command =>
  leaf({
    usage: 'deliveries <webhook>',
    description: '投递记录，新的在前 · what was sent and what came of it, the newest first',
    examples: ['lingquan webhook deliveries 7b1c…', 'lingquan webhook deliveries 7b1c… --state failed --json'],
  })
    .addOption(new Option('--state <state>', '哪些 · which').choices(['pending', 'delivered', 'failed']))
    .option('--limit <n>', '最多几条 · how many at most', wholeNumber(1, 500), 50)
    .option('--cursor <text>', '上一页给出的 next · the `next` of the page before')
    .action(async (id: string, { json, ...asked }: Flags) => {
      const page = await webhookClient(findSystem(terminal.env), terminal.env).deliveries(id, asked);
      const more = page.next === null ? '' : `\n更多 more: --cursor ${page.next}`;
      show(terminal, json, page, () => (page.items.length === 0 ? '没有 none' : deliveryTable(page.items) + more));
    });
