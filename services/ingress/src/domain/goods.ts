import { readFileSync } from 'node:fs';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';

/** One thing on sale. Prices are fen. */
export type Good = Readonly<{ sku: string; name: string; category: string; priceFen: number }>;

/** What is on sale: the only source of prices. */
export type Goods = Readonly<{ items: readonly Good[]; find: (sku: string) => Good | undefined }>;

/** A million yuan a piece: with the most pieces and lines an order may have, sums stay far below 2^53. */
const PRICE_FEN_MAX = 100_000_000;

const shape = z
  .array(
    z.strictObject({
      sku: z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, . _ or -'),
      name: z
        .string()
        .trim()
        .min(1)
        .max(64)
        .regex(/^\P{Cc}*$/u, 'must not hold control characters'),
      category: z.string().trim().max(64).default(''),
      priceFen: z.int().min(0).max(PRICE_FEN_MAX),
    }),
  )
  .max(10_000);

/** Nothing is on sale. */
export const noGoods: Goods = goodsOf([]);

export function goodsOf(items: readonly Good[]): Goods {
  const bySku = new Map(items.map((good) => [good.sku, Object.freeze(good)]));
  if (bySku.size < items.length) throw new AppError('invalid', 'GOODS_FILE: a sku is there twice');
  return Object.freeze({ items, find: (sku: string) => bySku.get(sku) });
}

/** Reads the goods list: JSON, `[{sku, name, category, priceFen}]`. Throws `invalid`, saying what is wrong with it. */
export function readGoods(path: string): Goods {
  const parsed = shape.safeParse(contentOf(path));
  if (parsed.success) return goodsOf(parsed.data);
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'the list'}: ${issue.message}`);
  throw new AppError('invalid', `GOODS_FILE: ${path} is not a list of goods:\n${lines.join('\n')}`);
}

function contentOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AppError('invalid', `GOODS_FILE: cannot read ${path} as JSON`, { cause });
  }
}
