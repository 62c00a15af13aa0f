import { AppError } from '@lingquan/errors';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { webhookClient } from '../webhook/client.ts';

/** `webhook ping`: one message now; ends with 1 when it is not taken. */
export const webhookPing = (terminal: Terminal): Command =>
  leaf({
    usage: 'ping <webhook>',
    description: '现在发一条测试消息，看对方怎样应答 · send one message now and say what came of it',
    examples: ['lingquan webhook ping 7b1c…'],
  }).action(async (id: string, { json }: { json: boolean }) => {
    const result = await webhookClient(findSystem(terminal.env), terminal.env).ping(id);
    const answer = result.error ?? String(result.answerStatus);
    if (json || result.delivered)
      show(terminal, json, result, () => `✓ 已送达 delivered: ${answer}, ${result.durationMs} ms`);
    if (!result.delivered)
      throw new AppError('unavailable', `没有送达 not delivered: ${answer}, ${result.durationMs} ms`);
  });
