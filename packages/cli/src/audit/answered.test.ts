import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { checkAnswers, readAnswers } from './answered.ts';
import { claim, ledgerOf } from '../../test/planted.ts';
import type { OrderRow } from './payment-store.ts';

const ledger = ledgerOf(claim(1), claim(2));
const folder = mkdtempSync(join(tmpdir(), 'lingquan-answers-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('codes that followers were told and own are in order, also when told twice', async () => {
  const told = { openid: 'o1', code: 'CODE-1' };
  expect(await checkAnswers(ledger, [told, told])).toMatchObject({ checked: 2, found: 0 });
});

test("a code that is no claim, or somebody else's, is found and its follower masked", async () => {
  const lost = await checkAnswers(ledger, [
    { openid: 'oSecret', code: 'LOST' },
    { openid: 'oSecret', code: 'CODE-1' },
  ]);
  expect(lost.found).toBe(2);
  expect(lost.evidence.join()).not.toContain('oSecret');
});

test('an order that was seen paid is paid, for that sum, and back when it was seen back', async () => {
  const order = (more: object) =>
    new Map([['A', { outTradeNo: 'A', state: 'paid', paidFen: 1000, refundedFen: 0, ...more } as OrderRow]]);
  const told = { openid: 'o1', outTradeNo: 'A', state: 'paid', paidFen: 1000 } as const;
  const found = async (rows: ReadonlyMap<string, OrderRow>, more: object = {}) =>
    (await checkAnswers(ledger, [{ ...told, ...more }], rows)).found;
  expect(await found(order({}))).toBe(0);
  expect(await found(order({ refundedFen: 1000 }), { state: 'refunded' })).toBe(0);
  expect(await found(new Map())).toBe(1);
  expect(await found(order({ state: 'closed' }))).toBe(1);
  expect(await found(order({ paidFen: 999 }))).toBe(1);
  expect(await found(order({ refundedFen: 400 }), { state: 'refunded' })).toBe(1);
});

test('a file is read line by line, and a wrong line is named', async () => {
  const path = join(folder, 'answers.jsonl');
  writeFileSync(path, '{"openid":"o1","msgId":"1","code":"CODE-1"}\n\n{"openid":"o2","code":"CODE-2"}\n');
  expect(await checkAnswers(ledger, readAnswers(path))).toMatchObject({ checked: 2, found: 0 });
  writeFileSync(path, '{"openid":"o1","code":"CODE-1"}\nnot json\n');
  await expect(checkAnswers(ledger, readAnswers(path))).rejects.toThrow(`${path}:2`);
  await expect(checkAnswers(ledger, readAnswers(join(folder, 'none')))).rejects.toThrow('cannot read');
});
