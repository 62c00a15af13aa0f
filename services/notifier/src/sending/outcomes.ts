import type { Breaker } from '@lingquan/breaker';
import { decode } from '@lingquan/events';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Reply } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { Agent, request } from 'undici';

/** What the coupon issuer says became of a push. */
export type Found =
  | { kind: 'decided'; outcome: Reply['outcome'] }
  /** Not yet, or no campaign answers it: it does not tell which. */
  | { kind: 'undecided' }
  /** It did not answer, or not understandably. */
  | { kind: 'unavailable'; detail: string };

export type Outcomes = { find: (causeId: string) => Promise<Found>; stop: () => Promise<void> };

const TIMEOUT_MS = 2000;
const ANSWER_BYTES_MAX = 64 * 1024;

/** Asks the coupon issuer, behind a breaker. Never rejects. */
export function couponOutcomes(issuerUrl: string, breaker: Breaker): Outcomes {
  const dispatcher = new Agent({ connect: { timeout: 1000 }, maxResponseSize: ANSWER_BYTES_MAX });

  async function ask(causeId: string): Promise<Found> {
    try {
      const answer = await request(`${issuerUrl}/outcomes/${encodeURIComponent(causeId)}`, {
        dispatcher,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return understand(causeId, answer.statusCode, Buffer.from(await answer.body.arrayBuffer()));
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException;
      return { kind: 'unavailable', detail: typeof code === 'string' ? code : name };
    }
  }

  return {
    find: async (causeId) => {
      const ran = await breaker.run(
        () => ask(causeId),
        (found) => found.kind === 'unavailable',
      );
      return ran.kind === 'done' ? ran.result : { kind: 'unavailable', detail: 'breaker open' };
    },
    stop: async () => {
      breaker.stop();
      await dispatcher.destroy();
    },
  };
}

/** `GET /outcomes/{causeId}`: 200 with a lingquan.ingress.v1.Reply, or 404. Throws what is no Reply. */
function understand(causeId: string, status: number, body: Buffer): Found {
  if (status === 404) return { kind: 'undecided' };
  if (status !== 200) return { kind: 'unavailable', detail: `HTTP ${status}` };
  const reply = decode(ReplySchema, body);
  if (reply.causeId !== causeId) return { kind: 'unavailable', detail: 'it answered about another push' };
  return { kind: 'decided', outcome: reply.outcome };
}
