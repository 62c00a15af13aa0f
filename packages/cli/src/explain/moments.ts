import { timestampMs } from '@bufbuild/protobuf/wkt';
import { CouponKind, ReleaseCause } from '@lingquan/events/coupon.ts';
import { CloseCause } from '@lingquan/events/payment.ts';
import { wordUnusable, wordWorth } from '@lingquan/wording';
import type { Gathered, GatheredFact, GatheredPayment, GatheredPush, Where } from './gathered.ts';
import { because } from './rules.ts';
import type { Because } from './rules.ts';
import { words } from './words.ts';
import type { Words } from './words.ts';

/** What came of a push, or a thing that happened: a line with its record. */
export type Saying = { say: Words; where: Where | undefined; rule?: Because['rule'] };

/** Something that happened, and what came of it. */
export type Moment = Saying & { timeMs: number; outcomes: Saying[] };

type Sorted = Moment & { rank: number };

/** Everything that happened, in its order: by time, and within an instant by turn. Pure. */
export function momentsOf(gathered: Gathered): Moment[] {
  const moments = [...pushMoments(gathered), ...factMoments(gathered), ...gathered.payments.map(paymentMoment)];
  return moments.toSorted((a, b) => a.timeMs - b.timeMs || a.rank - b.rank).map(withoutRank);
}

const withoutRank = ({ timeMs, say, where, rule, outcomes }: Sorted): Moment => ({
  timeMs,
  say,
  where,
  ...(rule === undefined ? {} : { rule }),
  outcomes,
});

function pushMoments(gathered: Gathered): Sorted[] {
  const seen = new Set<string>();
  return gathered.pushes
    .toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity))
    .map((one) => {
      const again = seen.has(one.where.id);
      seen.add(one.where.id);
      const { timeMs, where, rank = Infinity } = one;
      return {
        timeMs,
        rank,
        say: pushWords(one),
        where,
        outcomes: again ? [{ say: words.pushedAgain(), where: undefined }] : answersTo(gathered, one),
      };
    });
}

function answersTo(gathered: Gathered, { where, rank }: GatheredPush): Saying[] {
  const outcomes = gathered.facts
    .filter(({ event }) => event.causeId === where.id)
    .map((fact) => outcomeOf(gathered, fact));
  if (outcomes.length > 0) return outcomes;
  return [{ say: rank === undefined ? words.undecided() : words.nobodyAnswers(), where: undefined }];
}

function pushWords({ push: { content } }: GatheredPush): Words {
  switch (content.case) {
    case 'text':
      return words.said(content.value.content);
    case 'click':
      return words.tapped(content.value.eventKey);
    case 'scan':
      return words.scanned(content.value.eventKey);
    case 'subscribe':
      return words.followed(content.value.scene);
    case 'unsubscribe':
      return words.unfollowed();
    default:
      return words.pushed(content.case ?? 'unknown');
  }
}

/** What a claim came to. */
function outcomeOf(gathered: Gathered, fact: GatheredFact): Saying {
  const { event } = fact.event;
  if (event.case === 'couponClaimed') {
    const { code, campaignName, value } = event.value;
    return { say: words.got(code, campaignName, worthOf(value)), where: fact.where };
  }
  const { why, rule } = because(gathered, fact);
  return { say: words.refused(why), where: fact.where, ...(rule === undefined ? {} : { rule }) };
}

const worthOf = (value: Parameters<typeof wordWorth>[0]): string =>
  value === undefined || value.kind === CouponKind.UNSPECIFIED ? '' : `，${wordWorth(value, 'zh')}`;

const isOutcome = ({ event: { event } }: GatheredFact): boolean =>
  event.case === 'couponClaimed' || event.case === 'couponClaimRefused';

/** Facts that stand for themselves: a coupon's life, and outcomes whose push is gone. */
function factMoments(gathered: Gathered): Sorted[] {
  const pushes = new Set(gathered.pushes.map(({ where }) => where.id));
  return gathered.facts.flatMap((fact): Sorted[] => {
    const { timeMs, where, rank = Infinity } = fact;
    if (!isOutcome(fact)) return [{ timeMs, rank, say: lifeWords(fact), where, outcomes: [] }];
    if (pushes.has(fact.event.causeId)) return [];
    return [{ timeMs, rank, say: words.pushNotRead(), where: undefined, outcomes: [outcomeOf(gathered, fact)] }];
  });
}

function lifeWords({ event: { event }, timeMs }: GatheredFact): Words {
  switch (event.case) {
    case 'couponLocked': {
      const { outTradeNo, until, discount } = event.value;
      return words.locked(outTradeNo, until === undefined ? Infinity : timestampMs(until), discount?.totalFen ?? 0n);
    }
    case 'couponReleased':
      return words.released(event.value.outTradeNo, event.value.cause === ReleaseCause.TIME_OUT);
    case 'couponRedeemed': {
      const { by, discount } = event.value;
      const off = discount?.totalFen ?? 0n;
      return by.case === 'till'
        ? words.redeemedAtTill(by.value.shop, by.value.cashier, off)
        : words.redeemedByOrder(by.value?.outTradeNo ?? '', off);
    }
    case 'couponReturned':
      return words.returned(event.value.outTradeNo);
    case 'couponExpired':
      return words.expired();
    case 'couponRevoked':
      return words.revoked(event.value.reason);
    case 'couponUseRefused': {
      const { by, why } = event.value;
      const who =
        by.case === 'till' ? words.byTill(by.value.shop, by.value.cashier) : words.byOrder(by.value?.outTradeNo ?? '');
      const details = { missingFen: why?.missingFen, atMs: why?.atMs, now: timeMs };
      const word = (language: 'zh' | 'en') => wordUnusable(why?.reason ?? 0, details, language);
      return words.useRefused(who, { zh: word('zh'), en: word('en') });
    }
    default:
      return words.unknownFact(event.case ?? 'unknown');
  }
}

const closeCauses: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(CloseCause).map(([name, value]) => [value, name.toLowerCase()]),
);

function paymentMoment({ event: { outTradeNo, event }, where, timeMs }: GatheredPayment): Sorted {
  const say = (): Words => {
    switch (event.case) {
      case 'orderCreated':
        return words.orderCreated(outTradeNo, event.value.totalFen);
      case 'orderPriced':
        return words.orderPriced(outTradeNo, event.value.discount?.totalFen ?? 0n, event.value.payableFen);
      case 'orderPaid':
        return words.orderPaid(outTradeNo, event.value.paidFen);
      case 'orderClosed':
        return words.orderClosed(outTradeNo, closeCauses[event.value.cause] ?? '');
      case 'refundRequested':
        return words.refundRequested(outTradeNo, event.value.refundFen);
      case 'refundSucceeded':
        return words.refundSucceeded(outTradeNo, event.value.refundFen, event.value.whole);
      case 'refundFailed':
        return words.refundFailed(outTradeNo, event.value.why);
      case 'incidentFound':
        return words.incidentFound(outTradeNo, event.value.kind);
      case 'incidentResolved':
        return words.incidentResolved(outTradeNo, event.value.note);
      default:
        return words.unknownFact(event.case ?? 'unknown');
    }
  };
  return { timeMs, rank: -1, say: say(), where, outcomes: [] };
}
