import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';
import { webhookText } from '../webhook/text.ts';

/** `webhook show`: one webhook, and how far it has come. */
export const webhookShow = (terminal: Terminal): Command =>
  leaf({
    usage: 'show <webhook>',
    description: '查看一个接收地址和它的进度 · show one webhook and how far it has come',
    examples: ['lingquan webhook show 7b1c…'],
  }).action(async (id: string, { json }: { json: boolean }) => {
    const found = await webhookClient(findSystem(terminal.env), terminal.env).show(id);
    show(terminal, json, found, () => webhookText(found));
  });
