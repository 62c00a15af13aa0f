import type { Log } from '@lingquan/log';
import { maskOpenid } from '@lingquan/log';
import type { ApiFailure, WechatApi } from '@lingquan/wechat-api';
import type { Language } from '@lingquan/wording';
import { givenUp } from '../domain/delivery.ts';
import type { Delivery, Verdict } from '../domain/delivery.ts';
import { isWorthTelling } from '../domain/schedule.ts';
import { judgeFailure, judgeWaiting } from '../domain/verdict.ts';
import type { Circumstances } from '../domain/verdict.ts';
import { composeMessage } from './message.ts';
import type { Outcomes } from './outcomes.ts';
import type { QuotaHolds } from './quota-holds.ts';

export type AttemptDeps = {
  api: WechatApi;
  outcomes: Outcomes;
  holds: QuotaHolds;
  appids: ReadonlySet<string>;
  language: Language;
  log: Log;
  /** Whether an alarm of this kind should be logged, or was a moment ago. */
  shouldAlarm: (kind: string) => boolean;
  /** Notes in the store that the call is about to be made; false when the delivery is no longer ours. */
  markSending: (delivery: Delivery) => Promise<boolean>;
};

/**
 * One turn of a delivery: find the words, see that they could be sent now, note that they are about to be, and send them.
 * Undefined when it turned out to be no longer ours. Whatever happens before `markSending` can be repeated, nothing after it.
 */
export async function attempt(delivery: Delivery, deps: AttemptDeps): Promise<Verdict | undefined> {
  const { api, holds, appids, log, shouldAlarm } = deps;
  const { appid, openid, askedAtMs, turn, causeId } = delivery;
  const at: Circumstances = { askedAtMs, turn, nowMs: Date.now(), random: Math.random() };
  const fail = (failure: ApiFailure): Verdict => {
    const verdict = judgeFailure(failure, { ...at, nowMs: Date.now() });
    holds.note(appid, failure, Date.now());
    report(failure, verdict);
    return verdict;
  };
  const report = ({ failure, errcode, detail }: ApiFailure, verdict: Verdict): void => {
    const fields = { causeId, appid, follower: maskOpenid(openid), failure, errcode, detail, verdict };
    if (failure !== 'config' && failure !== 'permanent')
      log[verdict.kind === 'again' ? 'debug' : 'info'](fields, 'a message was not sent');
    else if (shouldAlarm(`${appid} ${errcode}`))
      log.error(fields, 'the platform refuses what we send or how we are set up');
  };

  if (!appids.has(appid)) {
    if (shouldAlarm(appid))
      log.error({ causeId, appid }, 'no account with this appid is set up; its followers are not told');
    return givenUp('rejected');
  }
  if (!isWorthTelling(askedAtMs, at.nowMs)) return givenUp('expired');
  if (holds.untilMs(appid) > at.nowMs) return judgeWaiting(at, holds.untilMs(appid) + at.random * 60_000);
  const composed = await composeMessage(delivery, deps.outcomes, deps.language, at);
  if (composed.kind === 'nothing') return composed.verdict;
  const obstacle = await api.prepare(appid);
  if (obstacle !== undefined) return fail(obstacle);

  if (!(await deps.markSending(delivery))) return undefined;
  const sent = await api.sendText(appid, { openid, text: composed.text });
  return sent.kind === 'ok' ? { kind: 'delivered' } : fail(sent);
}
