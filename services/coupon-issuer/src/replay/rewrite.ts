import type { ReceivedCommand } from '../consumers/commands.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { OtherTerms } from './config.ts';

/** Gives a command as it is to be decided. */
export type Rewrite = (command: ReceivedCommand) => ReceivedCommand;

/**
 * Defines campaigns otherwise than they were: their creation carries the other terms. With another stock, later changes of the stock
 * are left out: that stock is meant for the whole time.
 */
export function rewriting(otherCampaigns: ReadonlyMap<string, OtherTerms>): Rewrite {
  if (otherCampaigns.size === 0) return (command) => command;
  return (received) => {
    if (received.kind !== 'campaign') return received;
    const { command } = received;
    const other = otherCampaigns.get(command.campaignId);
    if (other === undefined) return received;
    if (command.kind === 'create')
      return { ...received, command: { ...command, terms: { ...command.terms, ...termsOf(other) } } };
    if (command.kind === 'stock' && other.stock !== undefined)
      return { ...received, command: { ...command, difference: 0 } };
    return received;
  };
}

const termsOf = ({ stock, limitPerUser, opensAtMs, closesAtMs }: OtherTerms): Partial<Campaign> => ({
  ...(stock === undefined ? {} : { stock }),
  ...(limitPerUser === undefined ? {} : { limitPerUser }),
  ...(opensAtMs === undefined ? {} : { opensAtMs: opensAtMs ?? undefined }),
  ...(closesAtMs === undefined ? {} : { closesAtMs: closesAtMs ?? undefined }),
});
