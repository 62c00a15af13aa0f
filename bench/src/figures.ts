import { table } from '@lingquan/cli';

/** One line of a bench: ours beside the raw counterpart, and how many times the one the other is. */
export type Line = { what: string; unit: string; ours: number; raw?: number };

export const round = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;

/** Lines with their ratios, for people. */
export function figuresText(title: string, raw: string, lines: Line[]): string {
  const rows = lines.map(({ what, unit, ours, raw: other }) => [
    what,
    round(ours),
    other === undefined ? '' : round(other),
    unit,
    other === undefined || other === 0 ? '' : round(ours / other),
  ]);
  return `${title}\n${table(['', 'lingquan', raw, 'unit', 'ratio'], rows)}`;
}

/** The same as JSON. */
export const figuresJson = (lines: Line[]) =>
  lines.map(({ ours, raw, ...line }) => ({
    ...line,
    ours: round(ours),
    ...(raw === undefined ? {} : { raw: round(raw), ratio: round(ours / raw) }),
  }));
