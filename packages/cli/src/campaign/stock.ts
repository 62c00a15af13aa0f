import { AppError } from '@lingquan/errors';
import { countMax } from './terms.ts';

export type StockFlags = { add?: number; remove?: number; set?: number };

/** A change of stock: by a difference, or to a number whose difference is still to be found. */
export type WantedStock = { kind: 'by'; difference: number } | { kind: 'to'; stock: number };

/** Reads `+500`, `-20`, `--add`, `--remove` and `--set`. Throws `invalid` unless exactly one of them is there. */
export function wantedStock(change: string | undefined, { add, remove, set }: StockFlags): WantedStock {
  if ([change, add, remove, set].filter((one) => one !== undefined).length !== 1)
    throw new AppError(
      'invalid',
      '请给出一个变化：+N、-N、--add N、--remove N 或 --set N · say one change: +N, -N, --add N, --remove N or --set N',
    );
  if (add !== undefined) return { kind: 'by', difference: add };
  if (remove !== undefined) return { kind: 'by', difference: -remove };
  if (set !== undefined) return { kind: 'to', stock: set };
  const difference = Number(change);
  if (!/^[+-]\d+$/.test(change ?? '') || Math.abs(difference) > countMax || difference === 0)
    throw new AppError(
      'invalid',
      `${change}: 变化要写成 +N 或 -N，最多 ${countMax} · a change is written +N or -N, at most ${countMax}`,
    );
  return { kind: 'by', difference };
}
