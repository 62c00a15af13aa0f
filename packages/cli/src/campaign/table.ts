import { table, yuan } from '../table.ts';
import type { Campaign } from './issuer.ts';

/** Campaigns as a person reads them, one line each. */
export function campaignTable(campaigns: Campaign[]): string {
  const head = [
    '活动 id',
    '名称 name',
    '关键词 keyword',
    '优惠 worth',
    '已领/库存 claimed',
    '限领 limit',
    '状态 status',
  ];
  return table(
    head,
    campaigns.map((one) => [
      one.campaignId,
      one.name,
      one.match === 'exact' ? one.keyword : `${one.keyword} (${one.match})`,
      worth(one),
      `${one.claimed}/${one.stock}`,
      one.limit,
      status(one),
    ]),
  );
}

function worth({ kind, valueFen, percent, thresholdFen }: Campaign): string {
  switch (kind) {
    case 'amount':
      return `减 ${yuan(valueFen)} off`;
    case 'threshold':
      return `满 ${yuan(thresholdFen)} 减 ${yuan(valueFen)}`;
    case 'percent':
      return `减 ${percent}% off`;
    case 'gift':
      return `赠品 gift ${yuan(valueFen)}`;
    default:
      return kind;
  }
}

function status({ status: word, opensAt, closesAt }: Campaign): string {
  const window = opensAt === null && closesAt === null ? '' : ` ${opensAt ?? ''}～${closesAt ?? ''}`;
  return ({ live: '进行中 live', paused: '已暂停 paused' }[word] ?? word) + window;
}
