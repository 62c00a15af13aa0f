import type { Command } from 'commander';
import { requireCampaign, showCampaign } from '../campaign/show.ts';
import { sendCommand } from '../campaign/send-command.ts';
import { wantedStock } from '../campaign/stock.ts';
import type { StockFlags } from '../campaign/stock.ts';
import { countMax } from '../campaign/terms.ts';
import { leaf } from '../leaf.ts';
import { wholeNumber } from '../numbers.ts';
import { findSystem } from '../system.ts';
import type { Terminal } from '../terminal.ts';

/** `campaign stock`: raises or lowers the stock by a difference, so that two operators never overwrite one another. */
export const campaignStock = (terminal: Terminal): Command =>
  leaf({
    usage: 'stock <campaign> [change]',
    description: '增减库存，不能低于已领数量 · raise or lower the stock, never below what is claimed',
    examples: [
      'lingquan campaign stock k7q2m9x4tz0b +500',
      'lingquan campaign stock k7q2m9x4tz0b --remove 20',
      'lingquan campaign stock k7q2m9x4tz0b --set 1000   (现查现算差额 reads the stock and sends the difference)',
    ],
  })
    .option('--add <n>', '增加 · raise by', wholeNumber(1, countMax))
    .option('--remove <n>', '减少 · lower by', wholeNumber(1, countMax))
    .option(
      '--set <n>',
      '改为：先读当前库存，再发送差额 · reads the stock now and sends the difference',
      wholeNumber(0, countMax),
    )
    .action(
      async (campaignId: string, change: string | undefined, { json, ...flags }: StockFlags & { json: boolean }) => {
        const wanted = wantedStock(change, flags);
        const system = findSystem(terminal.env);
        const difference =
          wanted.kind === 'by' ? wanted.difference : wanted.stock - (await requireCampaign(system, campaignId)).stock;
        if (wanted.kind === 'to' && !json) terminal.err(`差额 difference: ${difference > 0 ? '+' : ''}${difference}\n`);
        if (difference !== 0)
          await sendCommand(system, campaignId, {
            case: 'changeStock',
            value: { campaignId, difference: BigInt(difference) },
          });
        await showCampaign(terminal, system, {
          campaignId,
          json,
          done: difference === 0 ? '不变 unchanged' : '已修改 changed',
        });
      },
    );
