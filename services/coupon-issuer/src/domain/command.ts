import { CampaignStatus, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { Campaign } from './campaign.ts';
import type { RuleBook } from './book.ts';

/** A command to the issuer, checked at the edge. */
export type CampaignCommand =
  | { kind: 'create'; campaignId: string; terms: Omit<Campaign, 'id' | 'number' | 'status'> }
  | { kind: 'pause' | 'resume'; campaignId: string }
  | { kind: 'stock'; campaignId: string; difference: number };

export type CommandRefusal =
  /** Another live campaign of the account has this exact keyword. */
  | 'keyword_taken'
  /** This id was given to another campaign. */
  | 'campaign_exists'
  | 'campaign_unknown'
  /** Fewer than are claimed already. */
  | 'stock_below_claimed';

export type CommandOutcome =
  | { kind: 'created' | 'changed'; campaign: Campaign }
  /** It is so already: nothing to say. */
  | { kind: 'unchanged' }
  | { kind: 'refused'; refusal: CommandRefusal };

const refused = (refusal: CommandRefusal): CommandOutcome => ({ kind: 'refused', refusal });

/** Decides one command against all campaigns and the coupons already taken of the one it names. Pure; the caller applies it. */
export function decideCommand(
  book: RuleBook,
  claimed: number,
  command: CampaignCommand,
  nowMs: number,
): CommandOutcome {
  const campaign = book.byId.get(command.campaignId);
  if (command.kind === 'create')
    return campaign === undefined ? create(book, command, nowMs) : refused('campaign_exists');
  if (campaign === undefined) return refused('campaign_unknown');
  switch (command.kind) {
    case 'pause':
      return changeTo(campaign, { status: CampaignStatus.PAUSED });
    case 'resume': {
      const rival = book.liveWithKeyword(campaign.appid, campaign.keyword, nowMs);
      return rival === undefined || rival.id === campaign.id
        ? changeTo(campaign, { status: CampaignStatus.LIVE })
        : refused('keyword_taken');
    }
    case 'stock': {
      const stock = campaign.stock + command.difference;
      return stock < claimed ? refused('stock_below_claimed') : changeTo(campaign, { stock });
    }
    default:
      return command satisfies never;
  }
}

function create(
  book: RuleBook,
  { campaignId, terms }: CampaignCommand & { kind: 'create' },
  nowMs: number,
): CommandOutcome {
  const campaign: Campaign = { ...terms, id: campaignId, number: book.byId.size + 1, status: CampaignStatus.LIVE };
  const exclusive = terms.match === KeywordMatch.EXACT;
  if (exclusive && book.liveWithKeyword(terms.appid, terms.keyword, nowMs) !== undefined)
    return refused('keyword_taken');
  return { kind: 'created', campaign };
}

function changeTo(campaign: Campaign, change: Partial<Pick<Campaign, 'status' | 'stock'>>): CommandOutcome {
  const changed = { ...campaign, ...change };
  return changed.status === campaign.status && changed.stock === campaign.stock
    ? { kind: 'unchanged' }
    : { kind: 'changed', campaign: changed };
}
