import { decode, envelopeOf, topics } from '@lingquan/events';
import { CouponEventSchema } from '@lingquan/events/coupon.ts';
import { PaymentEventSchema } from '@lingquan/events/payment.ts';
import type { LoggedLine } from '../proof/log-lines.ts';
import { logLines } from '../proof/log-pages.ts';
import type { LogAddress } from '../proof/log-pages.ts';
import type { RecordPlace, Source } from '../proof/source.ts';
import { versionOf } from './gather.ts';
import type { Subject } from './gather.ts';
import type { Gathered } from './gathered.ts';

const { couponEvents, paymentEvents } = topics;

/**
 * Asks the claim log where the records about the subject stand, and reads those alone. What the log does not know is left out: the pushes, and with
 * them what nobody answered and the order of turns, so that the definition in force is told by the clock. Rejects with `unavailable` when
 * the log does not answer.
 */
export async function gatherQuick(source: Source, log: LogAddress, subject: Subject): Promise<Gathered> {
  const own = await linesOf(log, subject);
  const campaigns = new Set(own.map(({ campaignId }) => campaignId));
  const rules: LoggedLine[] = [];
  for (const campaign of campaigns)
    if (campaign !== null)
      for (const type of ['campaign.created', 'campaign.changed'])
        rules.push(...(await linesOf(log, { campaign, type })));
  const gathered: Gathered = { pushes: [], facts: [], payments: [], versions: [] };
  for (const record of await source.at(placesOf([...own, ...rules]))) {
    const { id, timeMs } = envelopeOf(record.headers);
    const { topic, partition, offset } = record;
    const at = { where: { topic, partition, offset, id }, timeMs, rank: undefined };
    if (topic === paymentEvents.name)
      gathered.payments.push({ ...at, event: decode(PaymentEventSchema, record.value) });
    else if (topic === couponEvents.name) {
      const event = decode(CouponEventSchema, record.value);
      const version = versionOf(event, at);
      if (version === undefined) gathered.facts.push({ ...at, event });
      else gathered.versions.push(version);
    }
  }
  gathered.facts.sort((a, b) => a.where.partition - b.where.partition || a.where.offset - b.where.offset);
  return gathered;
}

async function linesOf(log: LogAddress, query: Record<string, string>): Promise<LoggedLine[]> {
  const lines: LoggedLine[] = [];
  for await (const page of logLines(log, query)) lines.push(...page);
  return lines;
}

/** Each place once: a page may bring the last line of the one before. */
const placesOf = (lines: LoggedLine[]): RecordPlace[] => {
  const places = new Map(
    lines.map(({ topic, partition, offset }) => [`${topic}/${partition}/${offset}`, { topic, partition, offset }]),
  );
  return [...places.values()];
};
