import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { wholeNumber } from '../numbers.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';
import { secretText } from '../webhook/text.ts';

/** `webhook rotate`: a new secret beside the old one. */
export const webhookRotate = (terminal: Terminal): Command =>
  leaf({
    usage: 'rotate <webhook>',
    description: '换签名密钥，新旧并用一段时间 · a new secret; the old one signs too for a while',
    examples: [
      'lingquan webhook rotate 7b1c…',
      'lingquan webhook rotate 7b1c… --keep-hours 0   # 密钥已泄露 it has leaked',
    ],
  })
    .option(
      '--keep-hours <n>',
      '旧密钥还用几小时，默认 24 · how long the old one signs, 24 by default',
      wholeNumber(0, 168),
    )
    .action(async (id: string, { json, keepHours }: { json: boolean; keepHours?: number }) => {
      const rotated = await webhookClient(findSystem(terminal.env), terminal.env).rotate(id, keepHours);
      show(terminal, json, rotated, () => `✓ ${secretText(rotated)}`);
    });
