import { byDay } from '../../rules/push-statistics.ts';
import { refuse } from '../../rules/refusal.ts';
import { chinaDay } from '../../state/clock.ts';
import { type AccountCall, type Answer, type Api, json } from '../definition.ts';

const kind = 'official-account' as const;
const dayShape = /^\d{4}-\d{2}-\d{2}$/;

/** The days asked for: at most `daysMax`, the last one yesterday at the latest (reference 12). */
function daysOf({ body, now }: AccountCall, daysMax: number): { first: string; last: string } {
  const [first, last] = [body['begin_date'], body['end_date']];
  if (typeof first !== 'string' || typeof last !== 'string' || !dayShape.test(first) || !dayShape.test(last))
    return refuse(61500);
  const span = (Date.parse(last) - Date.parse(first)) / 86_400_000;
  if (Number.isNaN(span)) refuse(61500);
  if (span < 0 || span >= daysMax || last >= chinaDay(now)) refuse(61501);
  return { first, last };
}

function summary(call: AccountCall): Answer {
  const { first, last } = daysOf(call, 30);
  const days = byDay(call.state.pushStatistics.between(first, last));
  return json({ list: days.map(({ day, figures }) => ({ ref_date: day, ...figures })) });
}

function summaryByHour(call: AccountCall): Answer {
  const { first, last } = daysOf(call, 1);
  const hours = call.state.pushStatistics.between(first, last);
  return json({ list: hours.map(({ day, hour, figures }) => ({ ref_date: day, ref_hour: hour, ...figures })) });
}

/** Statistics of the account's own service, as the platform measured it. */
export const datacubeApis: readonly Api[] = [
  { method: 'POST', path: '/datacube/getinterfacesummary', auth: 'token', kind, handle: summary },
  { method: 'POST', path: '/datacube/getinterfacesummaryhour', auth: 'token', kind, handle: summaryByHour },
];
