import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { LINES_MAX, LINE_FEN_MAX, priceOf } from '../domain/basket.ts';
import { placeOf } from './cursor.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;

const text = z
  .string()
  .max(128)
  .refine((value) => !value.includes('\0'), 'must not hold U+0000');
const name = text.min(1);
const fen = z.int().min(0).max(LINE_FEN_MAX);

/** `GET /coupons`. */
export const couponsQuery = z.strictObject({
  appid: name,
  openid: name,
  state: z.enum(['usable', 'used', 'expired']).optional(),
  cursor: z.string().max(128).transform(placeOf).optional(),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
});

const line = z
  .object({
    sku: name,
    name: text.default(''),
    category: text.default(''),
    unitPriceFen: fen,
    quantity: z.int().min(1).max(0xff_ff_ff_ff),
  })
  .refine((one) => priceOf(one) <= LINE_FEN_MAX, `a line costs at most ${LINE_FEN_MAX} fen`);

/** `POST /quotes`. */
export const quoteRequest = z.object({
  appid: name,
  openid: name,
  basket: z.object({
    lines: z.array(line).max(LINES_MAX).default([]),
    shop: text.default(''),
    amountFen: fen.default(0),
  }),
  /** ISO 8601; now when absent. */
  at: z.iso
    .datetime({ offset: true })
    .transform((at) => Date.parse(at))
    .optional(),
});

/** Checks what came. Throws `invalid` naming everything that is wrong. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  throw new AppError('invalid', lines.join('; '));
}
