import { decode, topics } from '@lingquan/events';
import { JournalEntrySchema } from '@lingquan/events/coupon.ts';
import type { CheckResult } from '../audit/check.ts';
import { placeText } from '../audit/place.ts';
import { startCampaigns } from './campaigns.ts';
import { startCauses, startCommands } from './causes.ts';
import { startCoupons } from './coupons.ts';
import { factsCheck, startFactIds } from './facts.ts';
import type { FactIds } from './facts.ts';
import { headOf } from './head.ts';
import { startLives } from './lives.ts';
import { startOrders } from './orders.ts';
import type { Orders } from './orders.ts';
import { outcomeText, startOutcomes } from './outcomes.ts';
import type { Coupons } from './coupons.ts';
import { startPushes } from './pushes.ts';
import { couponFactOf } from './read-fact.ts';
import type { CampaignFact } from './read-fact.ts';
import { paymentFactOf } from './read-payment.ts';
import { pushOf } from './read-push.ts';
import type { ReadUpTo, Told } from './log-lines.ts';
import { openReading } from './reading.ts';
import type { OnRead, Reading } from './reading.ts';
import type { ProofRecord, Source } from './source.ts';
import { startSpans } from './spans.ts';
import type { Spans } from './spans.ts';
import { checkToldInOrder } from './told-in-order.ts';
import { walk } from './walk.ts';

export type Proof = {
  claims: number;
  outcomes: number;
  campaigns: number;
  /** Facts about campaigns, coupons after their claim, and payment. */
  otherFacts: number;
  pushes: number;
  journalLines: number;
  /** Records read. */
  records: number;
  /** Published twice under one id, as after a crash of a relay: harmless. */
  publishedAgain: number;
  /** Outcomes of the last moment, whose turn the journal as read does not tell yet: not judged. */
  undecided: number;
  /** Pushes and commands that cannot be read: dead letters, nobody's claims. */
  unreadable: number;
  /** Whether the coupon events were there from their very beginning; if not, campaigns created before are only looked at in part. */
  isWhole: boolean;
  /** Facts whose cause retention has taken: counted, but not put in order. */
  lostCauses: number;
  /** What is kept of all that at the end, in bytes. */
  memoryBytes: number;
  checks: CheckResult[];
};

const { wechatInbound, couponCommands, couponEvents, couponJournal, paymentEvents } = topics;

/**
 * Proves the promises from the topics alone, each read once: the journal first, for the order of everything, then the facts, then what caused
 * them. So on a system at work every fact's cause is there when it is looked for, and what was written meanwhile is left out.
 * Memory is in columns: about 120 bytes a claim, 60 a refusal, 4 a push nobody answers. Rejects with `not_found` when there are no such topics.
 */
export async function prove(source: Source, onRead: OnRead): Promise<{ proof: Proof; told: Told; wasRead: ReadUpTo }> {
  const reading = await openReading(source, onRead);
  const spans = startSpans(reading.endsAtFirst, reading.isWhole(couponJournal.name));
  await reading.read(couponJournal.name, (record) => takeJournal(spans, record), spans.unreadable);
  spans.close();

  const facts = factsCheck();
  const campaigns = startCampaigns();
  const size = reading.size(couponEvents.name);
  const outcomes = startOutcomes(size, campaigns, facts);
  const coupons = startCoupons(size);
  const orders = startOrders();
  const lives = startLives(coupons, orders);
  const causes = startCauses();
  const commands = startCommands(spans);
  const ofCampaigns: CampaignFact[] = [];
  const events = startFactIds(outcomeText);
  const untilMs = source.untilMs(); // what happened later than now is not missed below
  await reading.read(
    couponEvents.name,
    (record) => {
      const fact = couponFactOf(record);
      if (fact.kind === 'outcome') {
        const index = outcomes.take(fact);
        if (index !== undefined && fact.refusal === 0)
          coupons.claimed(fact, { index, campaign: outcomes.campaign(index) }, outcomes.place);
        return;
      }
      facts.looked();
      if (!events.isNew(fact, facts)) return;
      commands.expect(fact);
      if (fact.kind === 'life') lives.take(fact);
      else ofCampaigns.push(fact);
    },
    (where, why) => facts.found(`${where}: ${why}`),
  );

  await reading.read(couponCommands.name, ({ headers, partition, offset }) =>
    commands.take({ id: headOf(headers).id, partition, offset }),
  );
  causes.commands(commands, reading.keptFromMs(couponCommands.name));
  for (const fact of ofCampaigns) {
    const rank = commands.rank(fact.causeId);
    if (rank !== 'no turn') campaigns.take(fact, rank === 'not found' ? undefined : rank);
  }

  const payments = startFactIds((place) => placeText(paymentEvents.name, place));
  await readPayments(reading, { orders, coupons, payments });

  const pushes = startPushes(outcomes, campaigns, spans);
  await reading.read(wechatInbound.name, (record) => pushes.take(pushOf(record)));
  const keptFromMs = reading.keptFromMs(wechatInbound.name);
  causes.outcomes(outcomes, keptFromMs);
  const isWhole = reading.isWhole(couponEvents.name);
  const walked = walk({ outcomes, campaigns, spans, isWhole, keptFromMs });
  const checks = [
    spans.result(),
    facts.result(),
    causes.result(),
    pushes.result(),
    checkToldInOrder(outcomes),
    ...walked.results(),
    coupons.result(),
    ...lives.results(untilMs, isWhole),
    ...orders.results(untilMs, reading.isThere(paymentEvents.name)),
  ];
  const proof: Proof = {
    claims: walked.claims(),
    outcomes: outcomes.size(),
    campaigns: campaigns.all.length,
    otherFacts: events.count() + payments.count(),
    pushes: reading.size(wechatInbound.name),
    journalLines: reading.size(couponJournal.name),
    records: reading.done(),
    publishedAgain: [outcomes, events, payments, spans].reduce((sum, one) => sum + one.publishedAgain(), 0),
    undecided: walked.undecided,
    unreadable: reading.unreadable(),
    isWhole,
    lostCauses: causes.lost(),
    memoryBytes: [spans, commands, outcomes, coupons, orders, lives, events, payments].reduce(
      (sum, one) => sum + one.bytes(),
      4 * spans.total(),
    ),
    checks,
  };
  return { proof, told: { outcomes, coupons, events, payments }, wasRead: reading.wasRead };
}

function takeJournal(spans: Spans, { value }: ProofRecord): void {
  const line = decode(JournalEntrySchema, value);
  spans.take({
    sequence: Number(line.sequence),
    topic: line.topic,
    partition: line.partition,
    first: Number(line.firstOffset),
    last: Number(line.lastOffset),
  });
}

async function readPayments(
  reading: Reading,
  { orders, coupons, payments }: { orders: Orders; coupons: Coupons; payments: FactIds },
): Promise<void> {
  await reading.read(
    paymentEvents.name,
    (record) => {
      const fact = paymentFactOf(record);
      if (!payments.isNew(fact, orders.check)) return;
      const isPaid = fact.change.case === 'orderPaid' && fact.couponCode !== '';
      orders.paid(fact, isPaid ? coupons.coupon(fact.couponCode) : undefined);
    },
    orders.unreadable,
  );
}
