import { expect, test } from '@jest/globals';
import { CampaignStatus, KeywordMatch } from '@lingquan/events/coupon.ts';
import { campaign, closesAtMs, opensAtMs } from '../../test/builders.ts';
import { ruleBook } from './book.ts';
import { decideCommand } from './command.ts';

const create = (id: string, differences = {}) => ({
  kind: 'create' as const,
  campaignId: id,
  terms: campaign(differences),
});

test('a campaign is live at once and numbered in order', () => {
  expect(decideCommand(ruleBook([campaign()]), 0, create('autumn', { keyword: '秋' }), opensAtMs)).toMatchObject({
    kind: 'created',
    campaign: { id: 'autumn', number: 2, status: CampaignStatus.LIVE },
  });
});

test('a second live campaign with the same exact keyword is refused, on the same account only', () => {
  const book = ruleBook([campaign()]);
  expect(decideCommand(book, 0, create('b'), opensAtMs)).toEqual({ kind: 'refused', refusal: 'keyword_taken' });
  expect(decideCommand(book, 0, create('b', { appid: 'wx2' }), opensAtMs).kind).toBe('created');
  expect(decideCommand(book, 0, create('b', { match: KeywordMatch.CONTAINS }), opensAtMs).kind).toBe('created');
  expect(decideCommand(book, 0, create('b'), closesAtMs).kind).toBe('created');
});

test('a paused campaign makes room, and then cannot come back beside its successor', () => {
  const paused = campaign({ status: CampaignStatus.PAUSED });
  expect(decideCommand(ruleBook([paused]), 0, create('b'), opensAtMs).kind).toBe('created');
  const book = ruleBook([paused, campaign({ id: 'b', number: 2 })]);
  expect(decideCommand(book, 0, { kind: 'resume', campaignId: 'spring' }, opensAtMs)).toEqual({
    kind: 'refused',
    refusal: 'keyword_taken',
  });
});

test('pausing what is paused changes nothing', () => {
  const book = ruleBook([campaign({ status: CampaignStatus.PAUSED })]);
  expect(decideCommand(book, 0, { kind: 'pause', campaignId: 'spring' }, opensAtMs)).toEqual({ kind: 'unchanged' });
});

test('stock goes up and down, but never below what is claimed', () => {
  const book = ruleBook([campaign({ stock: 10 })]);
  const stock = (difference: number) =>
    decideCommand(book, 7, { kind: 'stock', campaignId: 'spring', difference }, opensAtMs);
  expect(stock(5)).toMatchObject({ kind: 'changed', campaign: { stock: 15 } });
  expect(stock(-3)).toMatchObject({ kind: 'changed', campaign: { stock: 7 } });
  expect(stock(-4)).toEqual({ kind: 'refused', refusal: 'stock_below_claimed' });
});

test('a command to a campaign that is not there, or that is, is refused', () => {
  expect(decideCommand(ruleBook([]), 0, { kind: 'pause', campaignId: 'x' }, 0)).toEqual({
    kind: 'refused',
    refusal: 'campaign_unknown',
  });
  expect(decideCommand(ruleBook([campaign()]), 0, create('spring'), 0)).toEqual({
    kind: 'refused',
    refusal: 'campaign_exists',
  });
});
