import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';
import { secretText } from '../webhook/text.ts';
import { warnOfUnknown } from '../webhook/types.ts';

type Flags = { type?: string[]; campaign?: string; description?: string; from?: string; json: boolean };

/** `webhook create`: has events sent to an address. */
export const webhookCreate = (terminal: Terminal): Command =>
  leaf({
    usage: 'create <url>',
    description: '登记一个接收地址，显示一次签名密钥 · have events sent to an address; shows its secret, once',
    examples: [
      'lingquan webhook create https://crm.example.com/hooks/lingquan',
      'lingquan webhook create https://crm.example.com/hooks --type coupon.claimed coupon.redeemed --from 2026-11-21T08:00:00+08:00',
    ],
  })
    .option('--type <type...>', '只要这些事件 · only these types')
    .option('--campaign <id>', '只要这个活动 · only this campaign')
    .option('--description <text>', '说明 · what it is for')
    .option('--from <when>', 'beginning、now 或时刻 · beginning, now or an instant')
    .action(async (url: string, { json, type: types, ...terms }: Flags) => {
      warnOfUnknown(terminal, types);
      const made = await webhookClient(findSystem(terminal.env), terminal.env).create({ url, types, ...terms });
      show(terminal, json, made, () => `✓ ${secretText(made)}`);
    });
