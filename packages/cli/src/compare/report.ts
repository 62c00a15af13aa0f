import { table } from '../table.ts';
import type { Percentiles } from './latency.ts';
import type { Comparison, ToldDifference } from './run-compare.ts';

const words: Readonly<Record<string, string>> = {
  'coupon.claimed': '领到 claims',
  'coupon.claim_refused': '拒绝 refusals',
  'ingress.reply': '答复 replies',
};

/** A comparison as a person reads it: counts by type, percentiles side by side, the first differences. */
export function comparisonText(
  { a, b, same, compared, types, digestA, digestB, leftOut, latencyMs }: Comparison,
  differences: readonly ToldDifference[],
): string {
  if (compared.length === 0) return nothingToCompare({ a, b });
  const rows = types.map((one) => [
    one.digestA === one.digestB ? '✓' : '✗',
    words[one.type] ?? (one.topic.endsWith('.dlq') ? `死信 dead letters ${one.topic}` : one.type),
    one.a,
    one.b,
    one.onlyInA,
    one.onlyInB,
    one.differing,
    `${one.digestA.slice(0, 12)}${one.digestA === one.digestB ? '' : ` ≠ ${one.digestB.slice(0, 12)}`}`,
  ]);
  const found = types.reduce((sum, { onlyInA, onlyInB, differing }) => sum + onlyInA + onlyInB + differing, 0);
  const more = found - differences.length;
  return [
    `A ${a}`,
    `B ${b}`,
    table(['', '类型 type', 'A', 'B', '仅 only A', '仅 only B', '不同 differ', '摘要 digest'], rows),
    ...latencyText(latencyMs),
    ...(leftOut.length > 0
      ? [`一方没有录，未比较 one side was recorded without, not compared: ${leftOut.join(', ')}`]
      : []),
    ...differences.map(differenceText),
    ...(differences.length > 0 && more > 0 ? [`… 另 more: ${more}`] : []),
    same ? `✓ 结果相同 the same outcome: ${digestA}` : `✗ 结果不同 the outcomes differ: ${digestA} ≠ ${digestB}`,
  ].join('\n');
}

export const nothingToCompare = ({ a, b }: Pick<Comparison, 'a' | 'b'>): string =>
  `没有可比的结果：没有一个主题两边都有 there is nothing to compare, no topic with outcomes that both have: ${a}, ${b}`;

export const differenceText = ({ verdict, type, a, b }: ToldDifference): string =>
  `  ${verdict === 'differs' ? '≠' : verdict === 'only in A' ? 'A' : 'B'}  ${type}  ${[a, b].filter(Boolean).join('  ')}`;

function latencyText({ a, b }: Comparison['latencyMs']): string[] {
  if (a === undefined && b === undefined) return [];
  const cells = (one: Percentiles | undefined): (number | string)[] =>
    one === undefined ? ['–', '–', '–', '–'] : [one.p50, one.p95, one.p99, one.max];
  return [
    table(
      ['延迟 latency ms（推送入日志 → 答复 push in the log → reply）', 'P50', 'P95', 'P99', 'max'],
      [
        ['A', ...cells(a)],
        ['B', ...cells(b)],
      ],
    ),
  ];
}
