import { startCheck } from '../audit/check.ts';
import type { CheckResult } from '../audit/check.ts';
import { partitionOf } from '../audit/place.ts';
import { outcomeText } from './outcomes.ts';
import type { Outcomes } from './outcomes.ts';

/** In each partition of coupon.events a campaign's outcomes stand in the order in which they were decided: readers meet them so. */
export function checkToldInOrder(outcomes: Outcomes): CheckResult {
  const check = startCheck('told', '先后如实 facts are told in the order in which they became true');
  const last = new Map<number, { rank: number; index: number }>();
  for (let index = 0; index < outcomes.size(); index++) {
    const rank = outcomes.rank(index);
    if (typeof rank === 'string') continue;
    check.looked();
    const place = outcomes.place(index);
    const key = outcomes.campaign(index).index * PARTITIONS_MAX + partitionOf(place);
    const before = last.get(key);
    if (before === undefined) last.set(key, { rank, index });
    else if (before.rank > rank)
      check.found(
        `${outcomes.campaign(index).id}: ${outcomeText(outcomes.place(before.index))} 在前，却后定 was decided after ${outcomeText(place)}`,
      );
    else Object.assign(before, { rank, index });
  }
  return check.result();
}

const PARTITIONS_MAX = 2 ** 13;
