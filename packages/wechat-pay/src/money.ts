import { AppError } from '@lingquan/errors';

/**
 * Fen of a number or of digits; what is absent is 0.
 * @throws AppError `invalid` for anything that is not a whole, safe, non-negative number
 */
export function fenOf(value: unknown): number {
  if (value === undefined || value === null || value === '') return 0;
  const fen = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof fen !== 'number' || !Number.isSafeInteger(fen) || fen < 0)
    throw new AppError('invalid', 'Not an amount in fen');
  return fen;
}

/**
 * Fen of yuan written with decimals, as bills do (`88.00`, `-30`); never through floating point (reference B.12).
 * @throws AppError `invalid` when it is not such a number or does not come out in whole fen
 */
export function fenOfYuan(text: string): number {
  const parts = /^(-?)(\d{1,12})(?:\.(\d{1,8}))?$/.exec(text);
  const decimals = (parts?.[3] ?? '').padEnd(2, '0');
  if (parts === null || /[1-9]/.test(decimals.slice(2))) throw new AppError('invalid', 'Not an amount in yuan');
  const fen = Number(`${parts[2]}${decimals.slice(0, 2)}`);
  return parts[1] === '-' && fen !== 0 ? -fen : fen;
}

/** Yuan with two decimals, as bills write them. */
export function yuanOfFen(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
