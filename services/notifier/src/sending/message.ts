import { decode } from '@lingquan/events';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { wordOutcome } from '@lingquan/wording';
import type { Language } from '@lingquan/wording';
import { givenUp } from '../domain/delivery.ts';
import type { Delivery, Verdict } from '../domain/delivery.ts';
import { judgeUndecided, judgeWaiting } from '../domain/verdict.ts';
import type { Circumstances } from '../domain/verdict.ts';
import type { Found, Outcomes } from './outcomes.ts';

/** What to tell, or why there is nothing to tell now. The text lives from here to the call and is written nowhere. */
export type Composed = { kind: 'text'; text: string } | { kind: 'nothing'; verdict: Verdict };

/** Finds what became of the push and puts it into words. */
export async function composeMessage(
  delivery: Delivery,
  outcomes: Outcomes,
  language: Language,
  at: Circumstances,
): Promise<Composed> {
  const found = await findOutcome(delivery, outcomes);
  switch (found.kind) {
    case 'decided': {
      const text = wordOutcome(found.outcome, { language, now: at.nowMs });
      return text === undefined ? { kind: 'nothing', verdict: givenUp('nothing_due') } : { kind: 'text', text };
    }
    case 'undecided':
      return { kind: 'nothing', verdict: judgeUndecided(at) };
    case 'unavailable':
      return { kind: 'nothing', verdict: judgeWaiting(at) };
    default:
      return found satisfies never;
  }
}

const findOutcome = async ({ causeId, outcome }: Delivery, outcomes: Outcomes): Promise<Found> =>
  outcome === undefined ? outcomes.find(causeId) : { kind: 'decided', outcome: decode(ReplySchema, outcome).outcome };
