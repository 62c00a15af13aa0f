import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';
import { webhookTable } from '../webhook/text.ts';

/** `webhook list`: every webhook of this reader. */
export const webhookList = (terminal: Terminal): Command =>
  leaf({
    usage: 'list',
    description: '列出接收地址 · list the webhooks',
    examples: ['lingquan webhook list', 'CLAIM_LOG_TOKEN=… lingquan webhook list --json'],
  }).action(async ({ json }: { json: boolean }) => {
    const items = await webhookClient(findSystem(terminal.env), terminal.env).list();
    show(terminal, json, { items }, () => (items.length === 0 ? '没有 none' : webhookTable(items)));
  });
