import { table } from '../table.ts';
import type { AuditReport } from './run-audit.ts';

/** The audit as a person reads it: a table of checks, then the evidence of those that found something. */
export function auditText({
  clean,
  checks,
  claims,
  events,
  campaigns,
  orders,
  seconds,
  publishedAgain,
  deadLetters,
}: AuditReport): string {
  const rows = checks.map(({ title, checked, found }) => [found === 0 ? '✓' : '✗', title, checked, found]);
  const evidence = checks
    .filter(({ found }) => found > 0)
    .map(({ title, found, evidence: lines }) => {
      const more = found > lines.length ? [`  … ${found - lines.length} more`] : [];
      return ['', `✗ ${title}`, ...lines.map((line) => `  ${line}`), ...more].join('\n');
    });
  return [
    table(['', '核对 check', '检查 checked', '问题 found'], rows),
    `${campaigns} 个活动 campaigns，${claims} 张券 coupons，${orders} 个订单 orders，${events} 个事件 events，${seconds.toFixed(1)} s`,
    ...(publishedAgain > 0 ? [`重复发布 published twice, harmless: ${publishedAgain}`] : []),
    ...(deadLetters > 0 ? [`死信 dead letters: ${deadLetters}`] : []),
    ...evidence,
    clean ? '✓ 账实相符 clean' : '\n✗ 有问题 not clean',
  ].join('\n');
}
