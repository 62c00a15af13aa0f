import { printable } from '../printable.ts';
import { table } from '../table.ts';
import type { ProofReport } from './run-proof.ts';

const count = (value: number): string => value.toLocaleString('en-US');

/** The proof as a person reads it: what was looked at, then the evidence, then what the reader must know of its limits. */
export function proofText(report: ProofReport): string {
  const { checks, clean, seconds, records, claims, outcomes, campaigns, pushes, memoryBytes } = report;
  const rows = checks.map(({ title, checked, found }) => [found === 0 ? '✓' : '✗', title, checked, found]);
  const evidence = checks
    .filter(({ found }) => found > 0)
    .map(({ title, found, evidence: lines }) => {
      const told = lines.filter((line) => !line.startsWith(' ')).length;
      const more = found > told ? [`  … ${found - told} more`] : [];
      return ['', `✗ ${title}`, ...lines.map((line) => `  ${printable(line)}`), ...more].join('\n');
    });
  return [
    table(['', '核对 check', '检查 checked', '问题 found'], rows),
    `${count(pushes)} 次推送 pushes，${count(claims)} 张券 coupons，${count(outcomes - claims)} 次拒绝 refusals，${campaigns} 个活动 campaigns`,
    `${count(records)} 条记录 records，${seconds.toFixed(1)} s，${count(Math.round(records / seconds))}/s，内存 memory ${(memoryBytes / 2 ** 20).toFixed(1)} MiB`,
    ...notes(report),
    ...evidence,
    clean ? `✓ 账实相符 clean: ${report.source}` : `\n✗ 有问题 not clean: ${report.source}`,
  ].join('\n');
}

function notes({ publishedAgain, undecided, unreadable, isWhole, lostCauses, withLog }: ProofReport): string[] {
  return [
    ...(publishedAgain > 0 ? [`重复发布 published twice, harmless: ${publishedAgain}`] : []),
    ...(undecided > 0 ? [`刚发生、未裁定，未核对 too new to be judged: ${undecided}`] : []),
    ...(unreadable > 0
      ? [`读不懂的推送和命令，应在死信 unreadable pushes and commands, for the dead letters: ${unreadable}`]
      : []),
    ...(isWhole
      ? []
      : ['coupon.events 不从头 do not begin at their beginning: stock and limits of older campaigns are not proven']),
    ...(lostCauses > 0
      ? [`起因已过保留期，只核对总数 their cause has left retention, so only their sums are proven: ${lostCauses}`]
      : []),
    ...(withLog ? [] : ['没有核对日志 the claim log was not looked at: --log']),
  ];
}
