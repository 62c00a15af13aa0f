import { table, yuan } from '../table.ts';
import type { Campaign, Rules } from './issuer.ts';

/** Campaigns as a person reads them, one line each. */
export function campaignTable(campaigns: Campaign[]): string {
  const head = [
    '活动 id',
    '名称 name',
    '关键词 keyword',
    '优惠 worth',
    '规则 rules',
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
      one.rules === undefined ? '' : rulesText(one.rules),
      `${one.claimed}/${one.stock}`,
      one.limit,
      status(one),
    ]),
  );
}

type Worth = Pick<Campaign, 'kind' | 'valueFen' | 'percent' | 'thresholdFen' | 'capFen'>;

/** What a coupon takes off, on one line. */
export function worth({ kind, valueFen, percent, thresholdFen, capFen }: Worth): string {
  const from = thresholdFen > 0 ? `满 ${yuan(thresholdFen)} ` : '';
  switch (kind) {
    case 'amount':
      return `${from}减 ${yuan(valueFen)} off`;
    case 'threshold':
      return `${from}减 ${yuan(valueFen)}`;
    case 'percent':
      return `${from}减 ${percent}% off${capFen > 0 ? ` ≤ ${yuan(capFen)}` : ''}`;
    case 'gift':
      return `${from}赠品 gift ${yuan(valueFen)}`;
    default:
      return kind;
  }
}

const days = '日一二三四五六';
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Rules in a few words; empty when there are none. */
export function rulesText({ validFrom, validUntil, validDays, weekdays, hours, scope }: Rules): string {
  const { goods, categories, shops } = scope;
  return [
    validFrom || validUntil ? `${validFrom ?? ''}～${validUntil ?? ''}` : '',
    validDays ? `${validDays} 天 d` : '',
    weekdays.length > 0 ? `周${weekdays.map((day) => days[day]).join('')}` : '',
    hours.map(({ fromMinute, untilMinute }) => `${clock(fromMinute)}-${clock(untilMinute)}`).join(','),
    goods.length > 0 ? `商品 goods ${goods.join(',')}` : '',
    categories.length > 0 ? `类别 ${categories.join(',')}` : '',
    shops.length > 0 ? `门店 ${shops.join(',')}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function status({ status: word, opensAt, closesAt }: Campaign): string {
  const window = opensAt === null && closesAt === null ? '' : ` ${opensAt ?? ''}～${closesAt ?? ''}`;
  return ({ live: '进行中 live', paused: '已暂停 paused' }[word] ?? word) + window;
}
