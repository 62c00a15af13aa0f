import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';

/** `webhook delete`: the webhook and its log are gone. */
export const webhookDelete = (terminal: Terminal): Command =>
  leaf({
    usage: 'delete <webhook>',
    description: '删除一个接收地址和它的记录 · delete a webhook and its log',
    examples: ['lingquan webhook delete 7b1c…'],
  }).action(async (id: string, { json }: { json: boolean }) => {
    await webhookClient(findSystem(terminal.env), terminal.env).remove(id);
    show(terminal, json, { id, deleted: true }, () => `✓ 已删除 deleted ${id}`);
  });
