import { AppError, messageOf } from '@lingquan/errors';
import { maskOpenid } from '@lingquan/log';
import { isAway } from '../json.ts';
import type { LogAddress } from '../proof/log-pages.ts';
import type { OnRead } from '../proof/reading.ts';
import type { Source } from '../proof/source.ts';
import { gatherQuick } from './gather-quick.ts';
import { gather } from './gather.ts';
import type { Subject } from './gather.ts';
import type { Gathered } from './gathered.ts';
import { heldAt } from './held.ts';
import type { HeldCoupon } from './held.ts';
import { momentsOf } from './moments.ts';
import type { Moment } from './moments.ts';

export type Asked = {
  subject: Subject;
  /** Only what is about this campaign. */
  campaignId?: string | undefined;
  /** What is known at this instant; everything without one. */
  atMs?: number | undefined;
};

export type Explanation = {
  /** The follower, masked, or the code. */
  about: { follower: string } | { code: string };
  atMs: number;
  source: string;
  /** Whether the topics were read through, or only where the claim log said. */
  how: 'full' | 'quick';
  held: HeldCoupon[];
  timeline: Moment[];
};

/** How to find out: whose log to ask first, if any, and whom to tell what is going on. */
export type Means = { source: Source; log?: LogAddress | undefined; onRead: OnRead; onFallBack: (why: string) => void };

/**
 * What a follower held at an instant and why, or a coupon's whole life. With a log, quickly; should it not answer, from the topics read through after
 * all. Rejects with `not_found` when there is nothing about the subject.
 */
export async function explain(means: Means, asked: Asked): Promise<Explanation> {
  const { source, log, onRead, onFallBack } = means;
  const quick = log === undefined ? undefined : await gatherQuick(source, log, asked.subject).catch(orAway(onFallBack));
  if (quick !== undefined) return explanationOf(quick, asked, { source, how: 'quick' });
  return explanationOf(await gather(source, asked.subject, onRead), asked, { source, how: 'full' });
}

const orAway =
  (tell: (why: string) => void) =>
  (error: unknown): undefined => {
    if (!isAway(error)) throw error;
    tell(messageOf(error));
  };

/** The same from what was gathered. Pure. */
export function explanationOf(
  gathered: Gathered,
  { subject, campaignId, atMs }: Asked,
  { source, how }: { source: Pick<Source, 'name' | 'untilMs'>; how: Explanation['how'] },
): Explanation {
  const about = 'openid' in subject ? { follower: maskOpenid(subject.openid) } : { code: subject.code };
  const of = campaignId === undefined ? gathered : onlyOf(gathered, campaignId);
  if (of.pushes.length + of.facts.length === 0)
    throw new AppError('not_found', '没有记录 the topics say nothing of this: is it written right, in this system?');
  const until = atMs ?? source.untilMs();
  const timeline = momentsOf(of).filter(({ timeMs }) => timeMs <= until);
  return { about, atMs: until, source: source.name, how, held: heldAt(of, until), timeline };
}

/** What is about one campaign: its outcomes with their pushes, its coupons' lives and orders. */
function onlyOf({ pushes, facts, payments, versions }: Gathered, campaignId: string): Gathered {
  const own = facts.filter(({ event }) => event.campaignId === campaignId);
  const causes = new Set(own.map(({ event }) => event.causeId));
  const codes = new Set(
    own.flatMap(({ event: { event } }) =>
      event.value !== undefined && 'code' in event.value ? [event.value.code] : [],
    ),
  );
  return {
    facts: own,
    versions,
    pushes: pushes.filter(({ where }) => causes.has(where.id)),
    payments: payments.filter(({ event }) => codes.has(event.couponCode)),
  };
}
