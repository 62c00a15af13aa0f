import { startCheck } from '../audit/check.ts';
import type { CheckResult } from '../audit/check.ts';
import { placeText } from '../audit/place.ts';
import { rulesOf } from './campaigns.ts';
import type { Campaigns } from './campaigns.ts';
import type { Outcomes } from './outcomes.ts';
import { outcomeText } from './outcomes.ts';
import type { Push } from './read-push.ts';
import type { Rank, Spans } from './spans.ts';
import { topics } from '@lingquan/events';

export type Pushes = ReturnType<typeof startPushes>;

const pushText = ({ place }: Push): string => placeText(topics.wechatInbound.name, place);

/**
 * Pushes beside outcomes: whoever a campaign answers has one outcome, of a campaign that answers that push and that follower; whoever no
 * campaign answers has none. Made when all facts are read. Keeps nothing.
 */
export function startPushes(outcomes: Outcomes, campaigns: Campaigns, spans: Spans) {
  const check = startCheck('answered', '有问必答 every push a campaign answers has one outcome, no other has any');
  const rules = rulesOf(campaigns);

  function checkOutcome(push: Push, index: number, rank: Rank): void {
    const campaign = outcomes.campaign(index);
    if (campaign.created === undefined) return;
    if (!outcomes.isHolder(index, push.openid))
      check.found(
        `${push.id}: 结果属于别人 its outcome is another follower's, ${pushText(push)} → ${outcomeText(outcomes.place(index))}`,
      );
    if (!rules.mayAnswer(campaign, push.appid, push.trigger, rank))
      check.found(
        `${push.id}: 不该由活动 ${campaign.id} 答复 is not for that campaign, ${pushText(push)} → ${outcomeText(outcomes.place(index))}`,
      );
  }

  return {
    take(push: Push): void {
      const rank = spans.rankOf(topics.wechatInbound.name, push.partition, push.offset);
      const index = outcomes.find(push.id);
      if (index !== undefined) outcomes.turned(index, rank);
      if (rank === undefined) return; // its turn is still to come
      check.looked();
      if (index !== undefined) checkOutcome(push, index, rank);
      else if (rules.isAnswered(push.appid, push.trigger, rank))
        check.found(`${push.id}: 有活动，没有结果 a campaign answers it, but it has no outcome, ${pushText(push)}`);
    },
    result: (): CheckResult => check.result(),
  };
}
