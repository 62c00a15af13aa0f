import { toBinary, create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { campaignKey, codesFor } from '@lingquan/coupon-issuer/domain/code.ts';
import { settle } from '@lingquan/coupon-issuer/domain/attempt.ts';
import type { ClaimState, Settled } from '@lingquan/coupon-issuer/domain/attempt.ts';
import { ruleBook } from '@lingquan/coupon-issuer/domain/book.ts';
import { decideCommand } from '@lingquan/coupon-issuer/domain/command.ts';
import { attemptOf } from '@lingquan/coupon-issuer/consumers/inbound.ts';
import { commandOf } from '@lingquan/coupon-issuer/consumers/commands.ts';
import { campaignFacts, recordsOf } from '@lingquan/coupon-issuer/publish/facts.ts';
import { pushId, toHeaders, topics, uuidOf } from '@lingquan/events';
import { CouponCommandSchema, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { published } from '@lingquan/exactly-once/outbox.ts';
import type { OutgoingRecord } from '@lingquan/kafka';

const appid = 'wx0123456789abcdef';
const secret = Buffer.alloc(32, 7);
const beganAtMs = Date.UTC(2026, 5, 1);

type Command = NonNullable<MessageInitShape<typeof CouponCommandSchema>['command']>;

/** A record with the partition it was given. */
export type Placed = OutgoingRecord & { partition: number };

/** A campaign's part in the history. */
const offers = [
  { id: 'plenty', keyword: '优惠券', stock: 100_000_000, limit: 1 },
  { id: 'scarce', keyword: '抢', stock: 5_000, limit: 1 },
  { id: 'twice', keyword: '两张', stock: 100_000_000, limit: 2 },
];
/** Of a hundred pushes: the first of these that are above the number say what is asked for. Seven are chatter. */
const shares = [
  { below: 70, text: '优惠券' },
  { below: 85, text: '抢' },
  { below: 93, text: '两张' },
  { below: 100, text: '在吗' },
];

const partitionsOf = (name: string): number => Object.values(topics).find((topic) => topic.name === name)!.partitions;

/**
 * What a busy day leaves in the topics, decided by the issuer's own rules and written by the real encoders, without its store: campaigns that
 * sell out, are paused, resumed and restocked, followers who ask once too often, chatter nobody answers. Yields the records of one round
 * after the other, in the order in which they were published.
 */
export function* history(pushes: number, perRound: number): Generator<Placed[]> {
  const state: ClaimState = { book: ruleBook([]), claimed: new Map(), holdings: new Map(), decided: new Map() };
  const written = new Map<string, number>();
  const place = (record: OutgoingRecord, partition: number): Placed => {
    const key = `${record.topic}/${partition}`;
    written.set(key, (written.get(key) ?? 0) + 1);
    return { ...record, partition };
  };
  let sequence = 0;

  /** What a round's batch of one partition has to say, and that it had its turn. */
  function said(batch: Placed[], records: Placed[], timeMs: number): Placed[] {
    const [first] = batch;
    const next = written.get(`${first!.topic}/${first!.partition}`)!;
    const span = {
      topic: first!.topic,
      partition: first!.partition,
      firstOffset: next - batch.length,
      lastOffset: next - 1,
    };
    const journal = published({ records: [], span, number: ++sequence, decidedAtMs: timeMs }, 'coupon-issuer');
    return [...records, ...journal.map((record) => place(record, 0))];
  }

  function command(value: Command, timeMs: number): Placed[] {
    const id = uuidOf('bench-command', String(written.get(`${topics.couponCommands.name}/0`) ?? 0));
    const record = place(
      {
        topic: topics.couponCommands.name,
        key: 'campaign',
        value: Buffer.from(toBinary(CouponCommandSchema, create(CouponCommandSchema, { command: value }))),
        headers: toHeaders({ id, source: 'bench', type: `coupon.${value.case}`, timeMs }),
      },
      0,
    );
    const received = commandOf(incoming(record));
    if (received.kind !== 'campaign') throw new Error('a command on a campaign');
    const { command: asked, envelope } = received;
    const outcome = decideCommand(state.book, state.claimed.get(asked.campaignId) ?? 0, asked, timeMs);
    if (outcome.kind === 'created' || outcome.kind === 'changed') state.book.put(outcome.campaign);
    return [
      record,
      ...said(
        [record],
        campaignFacts(envelope, outcome).map((fact) => place(fact, 0)),
        timeMs,
      ),
    ];
  }

  for (const { id: campaignId, keyword, stock, limit } of offers)
    yield command({ case: 'createCampaign', value: { campaignId, terms: termsOf(keyword, stock, limit) } }, beganAtMs);

  for (let n = 0, round = 0; n < pushes; n += perRound, round++) {
    const timeMs = beganAtMs + round * 50;
    if (round % 200 === 50) yield command({ case: 'pauseCampaign', value: { campaignId: 'twice' } }, timeMs);
    if (round % 200 === 60) yield command({ case: 'resumeCampaign', value: { campaignId: 'twice' } }, timeMs);
    if (round % 500 === 400)
      yield command({ case: 'changeStock', value: { campaignId: 'scarce', difference: 1000n } }, timeMs);
    const count = Math.min(perRound, pushes - n);
    const records = Array.from({ length: count }, (_, at) => pushRecord(n + at, timeMs));
    const all: Placed[] = [];
    for (let partition = 0; partition < partitionsOf(topics.wechatInbound.name); partition++) {
      const batch = records
        .filter(({ follower }) => follower % 2 === partition)
        .map(({ record }) => place(record, partition));
      if (batch.length === 0) continue;
      const settled = batch.map((record) => settle(state, attemptOf(incoming(record))));
      nameCoupons(settled);
      for (const { attempt } of settled) state.decided.delete(attempt.envelope.id); // every push comes once here
      const facts = settled.flatMap(recordsOf).map((record) => place(record, partition));
      all.push(...batch, ...said(batch, facts, timeMs));
    }
    yield all;
  }
}

const incoming = (record: Placed) => ({
  topic: record.topic,
  partition: record.partition,
  offset: 0,
  key: Buffer.from(record.key),
  value: record.value,
  headers: record.headers,
});

const termsOf = (keyword: string, stock: number, limitPerUser: number) => ({
  appid,
  keyword,
  name: `${keyword}券`,
  match: KeywordMatch.EXACT,
  value: { kind: CouponKind.AMOUNT, valueFen: 500n },
  stock: BigInt(stock),
  limitPerUser,
});

function pushRecord(n: number, timeMs: number) {
  const dice = (Math.imul(n, 2_654_435_761) >>> 0) % 100;
  const { text } = shares.find(({ below }) => dice < below)!;
  const follower = n % 10 === 9 ? n - 7 : n; // every tenth push is a follower's who asked just before
  const openid = `oBench${String(follower).padStart(22, '0')}`;
  const push = create(InboundPushSchema, {
    appid,
    accountKind: AccountKind.OFFICIAL_ACCOUNT,
    openid,
    toUserName: 'gh_bench',
    msgId: String(n),
    content: { case: 'text', value: { content: text } },
  });
  const record: OutgoingRecord = {
    topic: topics.wechatInbound.name,
    key: `${appid}:${openid}`,
    value: Buffer.from(toBinary(InboundPushSchema, push)),
    headers: toHeaders({ id: pushId(appid, `msgid:${n}`), source: 'ingress', type: 'wechat.text', timeMs }),
  };
  return { follower, record };
}

/** Gives every new coupon its code. */
function nameCoupons(settled: Settled[]): void {
  for (const { outcome } of settled) {
    if (outcome.kind !== 'granted') continue;
    const { id, number } = outcome.campaign;
    let key = keys.get(id);
    if (key === undefined) keys.set(id, (key = campaignKey(secret, id)));
    outcome.coupon.code = codesFor(key, number, [outcome.coupon.serial])[0]!;
  }
}
const keys = new Map<string, Buffer>();
