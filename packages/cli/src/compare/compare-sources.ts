import { AppError } from '@lingquan/errors';
import { openLinesFile } from '../lines-file.ts';
import { everySecond } from '../record/report.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { comparisonText, nothingToCompare } from './report.ts';
import { runCompare } from './run-compare.ts';
import type { ToldDifference } from './run-compare.ts';
import type { Source } from './source.ts';

const SHOWN_MAX = 20;

type Options = { json: boolean; differencesFile?: string | undefined; more?: () => object };

/**
 * Compares, shows how they compare (as JSON with `more` beside it), and returns whether they are the same. Throws `invalid` when there is no
 * topic to compare.
 */
export async function compareSources(
  terminal: Terminal,
  a: Source,
  b: Source,
  { json, differencesFile, more = () => ({}) }: Options,
): Promise<boolean> {
  for (const { name, cutOff } of [a, b])
    if (cutOff)
      terminal.err(
        `⚠ ${name} 没有写完，缺的会显示为不同；再执行当初的命令就接着做 was cut off: what it lacks shows as a difference; the command that made it goes on with it\n`,
      );
  const shown: ToldDifference[] = [];
  const file = differencesFile === undefined ? undefined : await openLinesFile(differencesFile, '--differences');
  const tellRead = everySecond(([side, records]: [string, number]) =>
    terminal.err(`读 reading ${side}: ${records} 条 records\n`),
  );
  const comparison = await runCompare(a, b, {
    onRead: (side, records) => tellRead([side, records]),
    onDifference: (difference) => {
      if (shown.length < SHOWN_MAX) shown.push(difference);
      file?.add(JSON.stringify(difference));
    },
  });
  await file?.close();
  if (comparison.compared.length === 0) throw new AppError('invalid', nothingToCompare(comparison));
  show(terminal, json, { ...more(), ...comparison, differences: shown }, () => comparisonText(comparison, shown));
  return comparison.same;
}
