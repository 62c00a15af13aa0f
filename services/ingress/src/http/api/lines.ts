import { z } from 'zod';
import { merged, priced, QUANTITY_MAX } from '../../domain/basket.ts';
import type { PricedLine, WantedLine } from '../../domain/basket.ts';
import type { Goods } from '../../domain/goods.ts';
import { Refusal } from './refusal.ts';

/** Lines of an order, and of a quote. */
export const LINES_MAX = 50;

/** What is wanted. A price among it is refused: prices are the shop's. */
export const linesShape = z
  .array(z.strictObject({ sku: z.string().min(1).max(64), quantity: z.int().min(1).max(QUANTITY_MAX) }))
  .min(1)
  .max(LINES_MAX);

/** Which shop; by its own word for itself. */
export const shopShape = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^\P{Cc}*$/u);

/** The lines merged and priced, or a refusal. */
export function pricedLines(lines: readonly WantedLine[], goods: Goods): PricedLine[] {
  const result = priced(merged(lines), goods);
  if (typeof result === 'string') throw new Refusal(result);
  return result;
}
