import { create, toBinary } from '@bufbuild/protobuf';
import { envelopeOf, replyAddressOf, toHeaders, topics } from '@lingquan/events';
import { CouponKind } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { IncomingRecord, OutgoingRecord } from '@lingquan/kafka';
import type { LoadSummary } from '@lingquan/cli';
import type { Mode } from './account.ts';
import { cpuDuring } from './cpu.ts';
import { figuresJson, figuresText } from './figures.ts';
import type { Line } from './figures.ts';
import { codes, codesPerSecond, load, requireCodes, sixtyFour } from './load.ts';
import type { Servers } from './servers.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const warmUpMs = 4000;
const measuredMs = 8000;

/**
 * Ingress beside a plain Koa doing the same signature check, parse and reply, under the same load. Nothing decides claims here: this
 * process answers every push on ingress.replies with a code at once, so that ingress does all of its own work (Redis, publishing, waiting for
 * the outcome, wording). The honest ratio is that of CPU per push; the rates also show Kafka's round trips.
 */
export async function run(servers: Servers, mode: Mode) {
  await using opened = new AsyncDisposableStack();
  const stage = await openStage(opened, servers, { name: 'ingress', mode });
  const ingress = await stage.run('ingress');
  await answerEverything(opened, stage);
  const koa = await stage.runPlainKoa();

  const measure = async (name: string, url: string, pid: number) => {
    servers.say(name);
    const push = (durationMs: number) => load(url, stage.account, { pace: sixtyFour, durationMs });
    requireCodes(await push(warmUpMs), `${name}, warming up`);
    const measured = await cpuDuring({ [name]: pid }, () => push(measuredMs), codes);
    requireCodes(measured.result, name);
    return { ...measured.result, cpuMicros: measured.cpuMicros[name]! };
  };
  const ours = await measure('ingress', ingress.url, ingress.pid);
  const raw = await measure('plain-koa', koa.url, koa.pid);
  const lines = linesOf(ours, raw);
  console.log(figuresText(`ingress (${mode})`, 'plain Koa', lines));
  return { mode, lines: figuresJson(lines) };
}

type Side = LoadSummary & { cpuMicros: number };

const linesOf = (ours: Side, raw: Side): Line[] => [
  { what: 'CPU per push', unit: 'µs', ours: ours.cpuMicros, raw: raw.cpuMicros },
  { what: 'pushes, 64 connections', unit: '/s', ours: codesPerSecond(ours), raw: codesPerSecond(raw) },
  { what: '  P50', unit: 'ms', ours: ours.latencyMs.p50, raw: raw.latencyMs.p50 },
  { what: '  P99', unit: 'ms', ours: ours.latencyMs.p99, raw: raw.latencyMs.p99 },
];

/** Stands in for the issuer: a code for every push, the moment it is on record. */
async function answerEverything(opened: AsyncDisposableStack, { isolated }: Stage): Promise<void> {
  const { kafka } = isolated;
  await kafka.ensureTopics([topics.wechatInbound]);
  const producer = opened.adopt(kafka.producer(), (p) => p.stop());
  const consumer = kafka.consume({
    group: 'bench',
    topics: [topics.wechatInbound.name],
    onRound: (batches) => producer.publish(batches.flatMap(({ records }) => records.flatMap(replyTo))),
    onPoison: async () => undefined,
    onFatal: (error) => {
      throw error;
    },
  });
  opened.adopt(await consumer, (c) => c.stop());
}

function replyTo({ headers }: IncomingRecord): OutgoingRecord[] {
  const address = replyAddressOf(headers);
  if (address === undefined) return [];
  const envelope = envelopeOf(headers);
  const claimed = {
    code: 'K7Q2-M9X4-TZ0B-3',
    campaignName: '满30减5元券',
    value: { kind: CouponKind.AMOUNT, valueFen: 500n },
  };
  const reply = create(ReplySchema, { causeId: envelope.id, outcome: { case: 'claimed', value: claimed } });
  return [
    {
      topic: topics.ingressReplies.name,
      partition: address.partition,
      key: address.instance,
      value: Buffer.from(toBinary(ReplySchema, reply)),
      headers: toHeaders({ ...envelope, source: 'bench', type: 'ingress.reply' }, address),
    },
  ];
}
