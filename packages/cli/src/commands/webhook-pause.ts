import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';
import { webhookText } from '../webhook/text.ts';

/** `webhook pause` and `webhook resume`: nothing is lost in between. */
const pausing =
  (usage: string, description: string, paused: boolean) =>
  (terminal: Terminal): Command =>
    leaf({ usage: `${usage} <webhook>`, description, examples: [`lingquan webhook ${usage} 7b1c…`] }).action(
      async (id: string, { json }: { json: boolean }) => {
        const changed = await webhookClient(findSystem(terminal.env), terminal.env).pause(id, paused);
        show(terminal, json, changed, () => `✓ ${webhookText(changed)}`);
      },
    );

export const webhookPause = pausing('pause', '暂停发送 · stop sending for a while', true);
export const webhookResume = pausing(
  'resume',
  '继续发送，从停下的地方开始；对方答过 410 的也用它恢复 · go on where it stopped, also after the receiver answered 410',
  false,
);
