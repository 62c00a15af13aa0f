import type { Command } from 'commander';
import { issuerClient } from '../campaign/issuer.ts';
import { campaignTable } from '../campaign/table.ts';
import { leaf } from '../leaf.ts';
import { findSystem } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `campaign list`: every campaign, or one account's. */
export const campaignList = (terminal: Terminal): Command =>
  leaf({
    usage: 'list',
    description: '列出活动 · list campaigns',
    examples: ['lingquan campaign list', 'lingquan campaign list --appid wx0123456789abcdef --json'],
  })
    .option('--appid <appid>', '只看这个账号 · of this account only')
    .action(async ({ appid, json }: { appid?: string; json: boolean }) => {
      const items = await issuerClient(findSystem(terminal.env).couponIssuerUrl).campaigns(appid);
      show(terminal, json, { items }, () =>
        items.length === 0 ? '还没有活动 no campaign yet: lingquan campaign create --help' : campaignTable(items),
      );
    });
