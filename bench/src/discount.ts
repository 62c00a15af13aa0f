import { discountOf } from '@lingquan/coupon-issuer/domain/discount.ts';
import type { Basket } from '@lingquan/coupon-issuer/domain/basket.ts';
import type { CouponWorth } from '@lingquan/coupon-issuer/domain/campaign.ts';
import type { Scope } from '@lingquan/coupon-issuer/domain/rules.ts';
import { CouponKind } from '@lingquan/events/coupon.ts';
import { figuresJson, figuresText } from './figures.ts';
import type { Line } from './figures.ts';

const baskets = 20_000;
const turns = 25;
const perSecond = (ms: number): number => (baskets * turns * 1000) / ms;

type Case = { worth: CouponWorth; scope: Scope; basket: Pick<Basket, 'lines' | 'amountFen'> };

/** Numbers that look random and are the same in every run (the generator of Numerical Recipes). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const categories = ['coffee', 'tea', 'cake'];

function someCases(): Case[] {
  const next = numbers(42);
  const kinds = [CouponKind.AMOUNT, CouponKind.THRESHOLD, CouponKind.PERCENT];
  return Array.from({ length: baskets }, () => {
    const kind = kinds[next(kinds.length)]!;
    const lines = Array.from({ length: 1 + next(12) }, () => ({
      sku: `sku-${next(40)}`,
      name: '',
      category: categories[next(categories.length)]!,
      unitPriceFen: 100 + next(9900),
      quantity: 1 + next(5),
    }));
    return {
      worth: {
        kind,
        valueFen: kind === CouponKind.PERCENT ? 0 : 100 + next(3000),
        percent: kind === CouponKind.PERCENT ? 5 + next(60) : 0,
        thresholdFen: kind === CouponKind.THRESHOLD ? 3000 : 0,
        capFen: kind === CouponKind.PERCENT ? 2000 : 0,
      },
      scope: { goods: [], categories: next(2) === 0 ? [] : [categories[0]!], shops: [] },
      basket: { lines, amountFen: 0 },
    };
  });
}

/** What anybody would write first: a share of each line, the rest on the last one. Not fair to the fen, and nothing is checked. */
function plainLoop({ worth, scope, basket: { lines } }: Case): number {
  const counts = lines.map(({ category }) => scope.categories.length === 0 || scope.categories.includes(category));
  let sum = 0;
  for (let i = 0; i < lines.length; i++) if (counts[i]) sum += lines[i]!.unitPriceFen * lines[i]!.quantity;
  if (sum === 0 || sum < worth.thresholdFen) return 0;
  let off = worth.kind === CouponKind.PERCENT ? Math.round((sum * worth.percent) / 100) : Math.min(worth.valueFen, sum);
  if (worth.capFen > 0 && off > worth.capFen) off = worth.capFen;
  const lineFen = lines.map((line, i) => (counts[i] ? Math.floor((off * line.unitPriceFen * line.quantity) / sum) : 0));
  const last = counts.lastIndexOf(true);
  lineFen[last]! += off - lineFen.reduce((a, b) => a + b, 0);
  return lineFen[last]! + off;
}

const ours = ({ worth, scope, basket }: Case): number => {
  const offer = discountOf(worth, scope, basket, 'order');
  return 'discount' in offer ? offer.discount.totalFen : 0;
};

function timed(cases: Case[], one: (each: Case) => number): { ms: number; sum: number } {
  let sum = 0;
  const startedAt = performance.now();
  for (let turn = 0; turn < turns; turn++) for (const each of cases) sum += one(each);
  return { ms: performance.now() - startedAt, sum };
}

/** The discount engine (scope, threshold, cap, division over the lines by largest remainder) beside a plain loop over the same baskets. */
export async function run() {
  const cases = someCases();
  timed(cases.slice(0, 2000), ours);
  timed(cases.slice(0, 2000), plainLoop);
  const engine = timed(cases, ours);
  const plain = timed(cases, plainLoop);
  if (engine.sum === 0 || plain.sum === 0) throw new Error('nothing was taken off');
  const lines: Line[] = [{ what: 'baskets priced', unit: '/s', ours: perSecond(engine.ms), raw: perSecond(plain.ms) }];
  console.log(figuresText('discount', 'plain loop', lines));
  return { lines: figuresJson(lines) };
}
