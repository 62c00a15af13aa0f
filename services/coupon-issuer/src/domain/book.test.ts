import { expect, test } from '@jest/globals';
import { CampaignStatus, KeywordMatch } from '@lingquan/events/coupon.ts';
import { campaign, closesAtMs, opensAtMs } from '../../test/builders.ts';
import { ruleBook } from './book.ts';

const say = (value: string) => ({ kind: 'text', value }) as const;

test('an exact keyword comes before one contained in the text', () => {
  const book = ruleBook([
    campaign({ id: 'loose', number: 1, keyword: '券', match: KeywordMatch.CONTAINS }),
    campaign({ id: 'exact', number: 2 }),
  ]);
  expect(book.find('wx1', say('优惠券'), opensAtMs)?.id).toBe('exact');
  expect(book.find('wx1', say('券呢'), opensAtMs)?.id).toBe('loose');
});

test('of several with one keyword the open one answers, then the newest', () => {
  const over = campaign({ id: 'over', number: 1, closesAtMs: opensAtMs + 1 });
  const open = campaign({ id: 'open', number: 2 });
  const paused = campaign({ id: 'paused', number: 3, status: CampaignStatus.PAUSED });
  expect(ruleBook([over, open, paused]).find('wx1', say('优惠券'), opensAtMs + 5)?.id).toBe('open');
  expect(ruleBook([over, paused]).find('wx1', say('优惠券'), opensAtMs + 5)?.id).toBe('paused');
  expect(ruleBook([over]).find('wx1', say('优惠券'), closesAtMs)?.id).toBe('over');
});

test('accounts do not see each other', () => {
  expect(ruleBook([campaign({ appid: 'wx2' })]).find('wx1', say('优惠券'), opensAtMs)).toBeUndefined();
});

test('a campaign put again is the changed one', () => {
  const book = ruleBook([campaign()]);
  book.put(campaign({ stock: 3 }));
  expect(book.find('wx1', say('优惠券'), opensAtMs)?.stock).toBe(3);
  expect(book.byId.size).toBe(1);
});
