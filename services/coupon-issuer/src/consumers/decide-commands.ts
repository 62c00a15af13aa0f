import type { OutgoingRecord } from '@lingquan/kafka';
import type { PoolClient } from 'pg';
import type { RuleBook } from '../domain/book.ts';
import type { CampaignCommand } from '../domain/command.ts';
import { decideCommand } from '../domain/command.ts';
import type { AskedCampaign, Received } from '../domain/received.ts';
import { campaignFacts } from '../publish/facts.ts';
import { lockClaimed, saveCampaign } from '../store/campaigns.ts';
import { loadCommands, saveCommand } from '../store/commands.ts';
import type { ReceivedCommand } from './commands.ts';
import { lifeDecider } from './decide-life.ts';
import { valuesOf } from './read-batch.ts';
import type { Read } from './read-batch.ts';

/**
 * Decides a batch of coupon.commands in its order and says what it has to say in that order. Commands on campaigns and on
 * coupons do not touch each other's state, so each kind loads and saves at its own.
 */
export async function decideCommands(
  client: PoolClient,
  book: RuleBook,
  read: Read<ReceivedCommand>[],
): Promise<OutgoingRecord[]> {
  const commands = valuesOf(read);
  const life = await lifeDecider(
    client,
    book,
    commands.filter((one) => one.kind !== 'campaign'),
  );
  const campaigns = await campaignDecider(
    client,
    book,
    commands.filter((one) => one.kind === 'campaign'),
  );
  const published: OutgoingRecord[] = [];
  for (const one of read) {
    if ('dead' in one) published.push(one.dead);
    else if (one.value.kind === 'campaign') published.push(...(await campaigns.decide(one.value)));
    else published.push(...life.decide(one.value));
  }
  await life.save();
  return published;
}

/** Loads what a batch's commands on campaigns are decided from; each is then decided and written in its turn. */
async function campaignDecider(client: PoolClient, book: RuleBook, commands: Received<AskedCampaign>[]) {
  if (commands.length === 0) return { decide: async (): Promise<OutgoingRecord[]> => [] };
  const ids = commands.map(({ envelope }) => envelope.id);
  const decided = new Set((await loadCommands(client, ids)).map(({ id }) => id));
  const claimed = await lockClaimed(
    client,
    commands.map(({ command }) => command.campaignId),
  );
  const apply = async (id: string, command: CampaignCommand, timeMs: number) => {
    const outcome = decideCommand(book, claimed.get(command.campaignId) ?? 0, command, timeMs);
    if (outcome.kind === 'created' || outcome.kind === 'changed') {
      book.put(outcome.campaign);
      await saveCampaign(client, outcome.campaign);
    }
    const refusal = outcome.kind === 'refused' ? outcome.refusal : undefined;
    await saveCommand(client, { id, campaignId: command.campaignId, refusal });
    return outcome;
  };
  return {
    decide: async ({ envelope, command }: Received<AskedCampaign>): Promise<OutgoingRecord[]> => {
      if (decided.has(envelope.id)) return [];
      decided.add(envelope.id);
      return campaignFacts(envelope, await apply(envelope.id, command, envelope.timeMs));
    },
  };
}
