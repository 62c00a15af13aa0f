import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { everySecond } from '../record/report.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { comparisonText } from './report.ts';
import { runCompare } from './run-compare.ts';
import type { ToldDifference } from './run-compare.ts';
import type { Source } from './source.ts';

const SHOWN_MAX = 20;

type Options = { json: boolean; differencesFile?: string | undefined; more?: () => object };

/** Compares, shows how they compare (as JSON with `more` beside it), and returns whether they are the same. */
export async function compareSources(
  terminal: Terminal,
  a: Source,
  b: Source,
  { json, differencesFile, more = () => ({}) }: Options,
): Promise<boolean> {
  const shown: ToldDifference[] = [];
  const file = differencesFile === undefined ? undefined : createWriteStream(differencesFile);
  const tellRead = everySecond(([side, records]: [string, number]) =>
    terminal.err(`读 reading ${side}: ${records} 条 records\n`),
  );
  const comparison = await runCompare(a, b, {
    onRead: (side, records) => tellRead([side, records]),
    onDifference: (difference) => {
      if (shown.length < SHOWN_MAX) shown.push(difference);
      file?.write(`${JSON.stringify(difference)}\n`);
    },
  });
  if (file !== undefined) await finished(file.end());
  show(terminal, json, { ...more(), ...comparison, differences: shown }, () => comparisonText(comparison, shown));
  return comparison.same;
}
