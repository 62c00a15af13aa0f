import { deadLetterTopic, topics } from '@lingquan/events';
import { connectKafka } from '@lingquan/kafka';
import type { Kafka } from '@lingquan/kafka';
import { quietLog } from '../system.ts';
import type { System } from '../system.ts';
import { checkAnswers, readAnswers } from './answered.ts';
import { awaitRest, restResult } from './caught-up.ts';
import type { Ends } from './caught-up.ts';
import type { CheckResult } from './check.ts';
import { openIssuerStore, openLogStore } from './databases.ts';
import type { IssuerReader, LogReader, StoreStand } from './databases.ts';
import type { Stand } from './journal.ts';
import { checkMoney, checkOrders, checkUses, noBooks } from './orders.ts';
import type { PaymentBooks } from './orders.ts';
import { openPaymentStore } from './payment-store.ts';
import type { OrderRow, PaymentReader } from './payment-store.ts';
import { checkPlatform, isPaidThere, readPlatform } from './platform.ts';
import { checkPromises } from './promises.ts';
import { readJournal, readLedger, readPayments, readTurns } from './read-topics.ts';
import type { OnRead } from './read-topics.ts';
import { startIssuerCheck, startLogCheck } from './stores.ts';

export type AuditOptions = {
  system: System;
  /** A file of what followers were told, as `load --out` and `shop-load --out` write it. */
  answersFile?: string | undefined;
  /** How long the system may take to come to rest: while it did not, or did not stay so, it is audited again. */
  restWithinMs: number;
  /** Told now and then what is waited for, and what disturbed an audit that is done again. */
  onWait: (lagging: string[]) => void;
  onRead: OnRead;
};

export type AuditReport = {
  /** Whether every check found nothing. */
  clean: boolean;
  seconds: number;
  claims: number;
  events: number;
  campaigns: number;
  orders: number;
  /** Events published twice under one id, as after a crash: harmless. */
  publishedAgain: number;
  /** Records put aside by the issuer, payment and the log. */
  deadLetters: number;
  checks: CheckResult[];
};

type Sources = { kafka: Kafka; issuer: IssuerReader; log: LogReader; payment: PaymentReader | undefined };

/**
 * Proves the system's promises from its topics and stores, or finds where they are broken. Reads only. Keeps about 0.5 kB of memory
 * per claim. Rejects with `unavailable` when a source does not answer.
 */
export async function runAudit(options: AuditOptions): Promise<AuditReport> {
  const { system } = options;
  await using opened = new AsyncDisposableStack();
  const { kafkaBrokers: brokers, topicPrefix } = system;
  const kafka = opened.adopt(connectKafka({ brokers, clientId: 'lingquan', log: quietLog(), topicPrefix }), (k) =>
    k.close(),
  );
  const issuer = opened.adopt(await openIssuerStore(system), (one) => one.close());
  const log = opened.adopt(await openLogStore(system), (one) => one.close());
  const payment = opened.adopt(await openPaymentStore(system), (one) => one?.close() ?? Promise.resolve());
  const sources = { kafka, issuer, log, payment };
  const untilMs = Date.now() + options.restWithinMs;
  for (;;) {
    const report = await audit(sources, options, untilMs);
    const { found, evidence } = report.checks.find(({ id }) => id === 'rest')!;
    // What a push does that comes in between looks like coupons without events and the like: not a finding, no audit.
    if (found === 0 || Date.now() > untilMs) return report;
    options.onWait(evidence);
    await Promise.all([issuer.thaw(), log.thaw(), payment?.thaw()]);
  }
}

async function audit(
  sources: Sources,
  { system, onWait, onRead, answersFile }: AuditOptions,
  restUntilMs: number,
): Promise<AuditReport> {
  const { kafka, issuer, log, payment } = sources;
  const startedAt = performance.now();
  const platform = () => (payment === undefined ? Promise.resolve(undefined) : readPlatform(system.simulatorUrl));
  const paidThere = async () => (await platform())?.filter(isPaidThere).map(({ outTradeNo }) => outTradeNo);
  const rest = await awaitRest({ ...sources, paidThere }, restUntilMs, onWait);
  const { ends } = rest;
  const there = await platform();
  await Promise.all([issuer.freeze(), log.freeze(), payment?.freeze()]);
  const frozen = { issuer: await issuer.stand(), log: await log.stand(), payment: await payment?.stand() };

  const journal = await readJournal(kafka, onRead);
  const ledger = await readLedger(kafka, ends, onRead);
  const turns = await readTurns(kafka, { journal, ledger, ends }, onRead);
  const payments = await readPayments(kafka, ends, onRead);
  const books = payment === undefined ? noBooks : await readBooks(payment);
  const logged = startLogCheck([
    { topic: topics.couponEvents.name, facts: ledger.facts },
    { topic: topics.paymentEvents.name, facts: payments.facts },
  ]);
  await log.lines((line) => logged.take(line));
  const kept = startIssuerCheck(ledger);
  await issuer.coupons((row) => kept.coupon(row));
  await issuer.attempts((row) => kept.attempt(row));
  for (const row of await issuer.campaigns()) kept.campaign(row);
  const answers = answersFile === undefined ? [] : [await checkAnswers(ledger, readAnswers(answersFile), books.orders)];

  const checks = [
    restResult(rest, frozen, await endsNow(kafka, ends)),
    journal.result(stands(ends, rest.issuer)),
    ...ledger.results(),
    ...checkPromises(ledger, turns),
    ...ledger.lives.results((code) => ledger.claimByCode(code) !== undefined, Date.now()),
    ...checkUses(books, ledger.lives),
    payments.result(),
    checkOrders(books, payments.orders),
    checkMoney(books),
    ...(there === undefined ? [] : [checkPlatform(there, books)]),
    logged.result(),
    ...kept.results(),
    ...answers,
  ];
  return {
    clean: checks.every(({ found }) => found === 0),
    seconds: (performance.now() - startedAt) / 1000,
    claims: [...ledger.campaigns.values()].reduce((sum, { claims }) => sum + claims, 0),
    events: ledger.facts.size + payments.facts.size,
    campaigns: ledger.campaigns.size,
    orders: books.orders.size,
    publishedAgain: ledger.publishedAgain() + payments.publishedAgain(),
    deadLetters: await countDeadLetters(kafka, Object.keys(ends)),
    checks,
  };
}

async function endsNow(kafka: Kafka, ends: Ends): Promise<Ends> {
  const now: Ends = {};
  for (const topic of Object.keys(ends)) now[topic] = await kafka.offsets(topic);
  return now;
}

/** The partitions the journal has to cover, and where the issuer stands in each. */
const stands = (ends: Ends, { positions }: StoreStand): Stand[] =>
  [topics.wechatInbound.name, topics.couponCommands.name].flatMap((topic) =>
    ends[topic]!.map(({ partition, low }) => {
      const next = positions.find((one) => one.topic === topic && one.partition === partition)?.next;
      return { topic, partition, low, position: next ?? low };
    }),
  );

/** Everything payment keeps, at one moment. */
async function readBooks(payment: PaymentReader): Promise<PaymentBooks> {
  const orders = new Map<string, OrderRow>();
  await payment.orders((row) => void orders.set(row.outTradeNo, row));
  return {
    orders,
    incidents: await payment.incidents(),
    unbalanced: await payment.unbalanced(),
    ledger: await payment.ledger(),
    held: await payment.held(),
  };
}

async function countDeadLetters(kafka: Kafka, read: string[]): Promise<number> {
  let count = 0;
  for (const topic of read)
    for (const { low, high } of await kafka.offsets(deadLetterTopic(topic))) count += high - low;
  return count;
}
