import { topics } from '@lingquan/events';
import type { Decide } from '@lingquan/exactly-once';
import type { PoolClient } from 'pg';
import { ruleBook } from '../domain/book.ts';
import type { RuleBook } from '../domain/book.ts';
import { loadCampaigns, lockRuleBook } from '../store/campaigns.ts';
import { commandOf } from './commands.ts';
import { decideCommands } from './decide-commands.ts';
import { decidePushes } from './decide-pushes.ts';
import { attemptOf } from './inbound.ts';
import { readBatch } from './read-batch.ts';

/**
 * Decides one round: batches of coupon.commands first, then batches of wechat.inbound. Lock order: rule book, coupons by code,
 * campaigns by id. Only commands on campaigns take the rule book alone; a coupon's life goes on beside claims.
 */
export function roundDecider({ codeSecret }: { codeSecret: Buffer }): Decide {
  let cached: { version: number; book: RuleBook } | undefined;

  async function bookAt(client: PoolClient, version: number): Promise<RuleBook> {
    if (cached?.version !== version) cached = { version, book: ruleBook(await loadCampaigns(client)) };
    return cached.book;
  }

  return async (client, batches, last) => {
    const commands = batches
      .filter(({ topic }) => topic === topics.couponCommands.name)
      .map((batch) => readBatch(batch, commandOf));
    const pushes = batches
      .filter(({ topic }) => topic === topics.wechatInbound.name)
      .map((batch) => readBatch(batch, attemptOf));
    const changing = commands.flat().some((one) => 'value' in one && one.value.kind === 'campaign');
    const version = await lockRuleBook(client, changing);
    if (changing) cached = undefined; // what this round makes of it counts only once committed
    const book = changing ? ruleBook(await loadCampaigns(client)) : await bookAt(client, version);
    const published = [];
    for (const batch of commands) published.push(await decideCommands(client, book, batch));
    return [...published, ...(await decidePushes({ client, last }, book, pushes, codeSecret))];
  };
}
