import { AppError } from '@lingquan/errors';
import { Option } from 'commander';
import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { paymentClient } from '../payment/client.ts';
import { sendPaymentCommand } from '../payment/send-command.ts';
import { incidentTable } from '../payment/table.ts';
import { findSystem } from '../system.ts';
import type { System } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { askUntil } from '../waiting.ts';

type Flags = { state: 'open' | 'resolved'; resolve?: string; note?: string; json: boolean };

const WAIT_MS = 15_000;

/** `payment incidents`: what needs a person; with `--resolve` one of them is dealt with. */
export const paymentIncidents = (terminal: Terminal): Command =>
  leaf({
    usage: 'incidents',
    description:
      '需要人处理的事：金额不符、未知订单、券已失效…… · what needs a person: a wrong sum, an unknown order, a coupon that was gone …',
    examples: [
      'lingquan payment incidents',
      'lingquan payment incidents --resolve 81aa0c… --note 已联系用户补差',
      'lingquan payment incidents --state resolved --json',
    ],
  })
    .addOption(new Option('--state <state>', '哪些 · which').choices(['open', 'resolved']).default('open'))
    .option('--resolve <id>', '标记为已处理 · this one is dealt with')
    .option('--note <text>', '怎样处理的 · how')
    .action(async ({ state, resolve, note, json }: Flags) => {
      const system = findSystem(terminal.env);
      if (resolve !== undefined) return resolveIncident(terminal, system, { id: resolve, note, json });
      const items = await paymentClient(system).incidents(state);
      show(terminal, json, { items }, () => (items.length === 0 ? '没有 none' : incidentTable(items)));
    });

async function resolveIncident(
  terminal: Terminal,
  system: System,
  { id, note, json }: { id: string; note: string | undefined; json: boolean },
): Promise<void> {
  if (!note) throw new AppError('invalid', '--resolve 要同时给出 --note · --resolve needs a --note');
  const client = paymentClient(system);
  const open = (await client.incidents('open')).find(({ incidentId }) => incidentId === id);
  if (open === undefined) throw new AppError('not_found', `没有这件未处理的事 no open incident has the id ${id}`);
  await sendPaymentCommand(system, open.outTradeNo, { case: 'resolveIncident', value: { incidentId: id, note } });
  const resolved = await askUntil(
    async () => (await client.incidents('resolved')).find(({ incidentId }) => incidentId === id),
    WAIT_MS,
    '命令已写入，但没有及时处理；恢复后会处理 · the command is on record but was not handled in time; it will be',
  );
  show(terminal, json, resolved, () => `✓ 已处理 resolved\n${incidentTable([resolved])}`);
}
