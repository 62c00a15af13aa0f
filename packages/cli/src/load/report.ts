import { table } from '../table.ts';
import type { LoadSummary, Progress } from './run-load.ts';

const words: Readonly<Record<string, string>> = {
  code: '有券码 with a code',
  'try later': '稍后再试 nothing was taken, try later',
  worded: '文字答复 worded, without a code',
  sealed: '加密未打开 sealed, not opened',
  success: 'success（已收下 taken：结果随后或无需答复 the outcome follows, or none is due）',
  empty: '空 empty（结果随后 outcome follows）',
  timeout: '超时 no answer in 5 s',
  connection: '连接失败 no connection',
  unreadable: '无法识别 unreadable',
};

/** One line of progress. */
export const progressLine = ({ seconds, sent, answered, codes, ratePerSecond, latency }: Progress): string =>
  `${seconds.toFixed(0).padStart(4)} s  已发 sent ${sent}  已答 answered ${answered}  券码 codes ${codes}  ${ratePerSecond.toFixed(0)}/s  P99 ${ms(latency.p99)}`;

/** The run as a person reads it. */
export function summaryText({ seconds, sent, ratePerSecond, answers, latencyMs }: LoadSummary): string {
  const share = (count: number) => `${((100 * count) / Math.max(1, sent)).toFixed(1)} %`;
  const { p50, p95, p99, max } = latencyMs;
  return [
    `${sent} 条 pushes，${seconds.toFixed(1)} s，${ratePerSecond.toFixed(0)}/s`,
    table(
      ['答复 answer', '条 n', ''],
      Object.entries(answers).map(([kind, count]) => [words[kind] ?? kind, count, share(count)]),
    ),
    `延迟（从应发时刻起）latency, from when each should have left: P50 ${ms(p50)}  P95 ${ms(p95)}  P99 ${ms(p99)}  max ${ms(max)}`,
  ].join('\n');
}

const ms = (value: number): string => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
