import { expect, test } from '@jest/globals';
import { CampaignStatus } from '@lingquan/events/coupon.ts';
import type { AuditEvent } from './event.ts';
import { changed, claim, created, ledgerOf } from '../../test/planted.ts';
import { checkPromises } from './promises.ts';

/** Checks events that were decided in this order, and gives what each check found. */
function checked(...events: AuditEvent[]) {
  const inOrder = events.filter(({ type }) => type !== 'campaign.created');
  const turns = inOrder.map(({ id }, place) => ({ eventId: id, sequence: place, offset: 0 }));
  const hasChanges = events.some(({ type }) => type === 'campaign.changed');
  // Partitions come in any order: the last decided first here.
  return Object.fromEntries(
    checkPromises(ledgerOf(...events.toReversed()), hasChanges ? turns : []).map((one) => [one.id, one]),
  );
}

const inOrder = { stock: { found: 0 }, limit: { found: 0 }, rules: { found: 0 } };

test('as many claims as there is stock are in order', () => {
  expect(checked(created(0, { stock: 2 }), claim(1), claim(2))).toMatchObject(inOrder);
});

test('one claim beyond the stock is found', () => {
  expect(checked(created(0, { stock: 2 }), claim(1), claim(2), claim(3))['stock']).toMatchObject({
    found: 1,
    evidence: [expect.stringContaining('claimed 3')],
  });
});

test('claims beyond the stock then in force are found, also when the stock was raised later', () => {
  const raised = checked(created(0, { stock: 1 }), claim(1), changed(2, 2), claim(3));
  expect(raised).toMatchObject(inOrder);
  const tooEarly = checked(created(0, { stock: 1 }), claim(1), claim(3), changed(2, 2));
  expect(tooEarly['stock']).toMatchObject({ found: 1, evidence: [expect.stringContaining('[0]@3')] });
});

test('a stock lowered below what was claimed is found', () => {
  expect(checked(created(0, { stock: 5 }), claim(1), claim(2), changed(3, 1))['stock']).toMatchObject({ found: 1 });
});

test('a claim while paused is found, one after resuming is in order', () => {
  const pause = changed(1, 9, CampaignStatus.PAUSED);
  expect(checked(created(0, { stock: 9 }), pause, claim(2), changed(3, 9))['rules']).toMatchObject({ found: 1 });
  expect(checked(created(0, { stock: 9 }), pause, changed(3, 9), claim(2))).toMatchObject(inOrder);
});

test('a claim of a changed campaign without its cause on record is found', () => {
  const ledger = ledgerOf(created(0, { stock: 9 }), changed(1, 9), claim(2));
  const turns = [{ eventId: changed(1, 9).id, sequence: 1, offset: 0 }];
  expect(checkPromises(ledger, turns).find(({ id }) => id === 'stock')).toMatchObject({ found: 1 });
});

test('a follower over the limit is found, masked, with every place', () => {
  const two = [claim(1, { openid: 'oSecret' }), claim(2, { openid: 'oSecret' })];
  const { limit } = checked(created(0, { stock: 9 }), ...two);
  expect(limit).toMatchObject({ found: 1, evidence: [expect.stringMatching(/events\[0\]@[12], .*events\[0\]@[12]/)] });
  expect(limit!.evidence[0]).not.toContain('oSecret');
  expect(checked(created(0, { stock: 9, limit: 2 }), ...two)).toMatchObject(inOrder);
});

test('a claim outside the window is found; its end is excluded', () => {
  const window = { stock: 9, opensAtMs: 1010, closesAtMs: 1020 };
  expect(checked(created(0, window), claim(10), claim(19))).toMatchObject(inOrder);
  expect(checked(created(0, window), claim(9))['rules']).toMatchObject({ found: 1 });
  expect(checked(created(0, window), claim(20))['rules']).toMatchObject({ found: 1 });
});

test('claims of a campaign nobody created are found', () => {
  expect(checked(claim(1))['stock']).toMatchObject({ found: 1 });
});
