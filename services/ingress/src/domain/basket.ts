import type { Goods } from './goods.ts';

/** A line as a client may say it: what and how many, never for how much. */
export type WantedLine = { sku: string; quantity: number };

/** A line with its price, in fen. */
export type PricedLine = { sku: string; name: string; category: string; unitPriceFen: number; quantity: number };

/** Why lines cannot be ordered. */
export type BasketRefusal = 'unknown_goods' | 'too_many';

/** Pieces of one thing an order may hold. */
export const QUANTITY_MAX = 999;

/** The lines with the same sku as one, in the order in which they first came. */
export function merged(lines: readonly WantedLine[]): WantedLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}

/** Prices merged lines from the goods list, or says why that cannot be. */
export function priced(lines: readonly WantedLine[], goods: Goods): PricedLine[] | BasketRefusal {
  const result: PricedLine[] = [];
  for (const { sku, quantity } of lines) {
    const good = goods.find(sku);
    if (good === undefined) return 'unknown_goods';
    if (quantity > QUANTITY_MAX) return 'too_many';
    result.push({ sku, name: good.name, category: good.category, unitPriceFen: good.priceFen, quantity });
  }
  return result;
}

/** Bytes of a description WeChat Pay takes (reference A.4, B.7), and what stands at the end of one that was cut. */
const DESCRIPTION_MAX = 127;
const CUT = '…';

/**
 * What the payer reads: the first thing, and how many more there are. WeChat Pay takes characters of one to three bytes only
 * (reference 0.3).
 */
export function describe(lines: readonly Pick<PricedLine, 'name' | 'quantity'>[]): string {
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const tail = pieces > 1 ? ` 等${pieces}件` : '';
  const name = (lines[0]?.name ?? '').replaceAll(/[\u{10000}-\u{10FFFF}\p{Cc}]/gu, '').trim() || '商品';
  return cutTo(name, DESCRIPTION_MAX - Buffer.byteLength(tail)) + tail;
}

function cutTo(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let left = bytes - Buffer.byteLength(CUT);
  for (const character of text) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    kept += character;
  }
  return kept + CUT;
}
