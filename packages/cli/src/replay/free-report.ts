import { comparisonText } from '../compare/report.ts';
import { proofText } from '../proof/report.ts';
import { perSecond } from '../record/report.ts';
import type { DryRun, FreeReport } from './free.ts';

export function freeText({ sent, sendSeconds, seconds, cut, proof, comparison }: FreeReport): string {
  return [
    `✓ 已发 sent ${sent} 条 records，${sendSeconds.toFixed(1)} s，${perSecond(sent, sendSeconds)}；全部入日志 all logged after ${seconds.toFixed(1)} s`,
    `  未发给人 kept from people: 答复 replies ${cut.replies}，客服消息 messages ${cut.messages}；未发给支付 kept from payment: ${cut.paymentAnswers}`,
    proofText(proof),
    '总数（分区重新竞争，逐条可不同）totals; partitions raced again, so single outcomes may differ:',
    comparisonText(comparison, []),
  ].join('\n');
}

export function dryRunText({ records, byTopic, spanSeconds, takesSeconds }: DryRun): string {
  const takes = takesSeconds === undefined ? '尽快 as fast as it goes' : `${takesSeconds.toFixed(1)} s`;
  return [
    ...Object.entries(byTopic).map(([topic, count]) => `${topic}: ${count}`),
    `共 in all ${records} 条 records，原历时 which took ${spanSeconds.toFixed(1)} s；重放需 replaying takes ${takes}`,
  ].join('\n');
}
