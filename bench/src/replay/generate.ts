import { create, toBinary } from '@bufbuild/protobuf';
import { pushId, toHeaders, topics, uuidOf } from '@lingquan/events';
import { CouponCommandSchema, CouponKind, JournalEntrySchema, KeywordMatch } from '@lingquan/events/coupon.ts';
import type { CouponCommand } from '@lingquan/events/coupon.ts';
import { AccountKind, InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { createRecording } from '@lingquan/recording';
import type { Done, Recordable } from '@lingquan/recording';

const appid = 'wx0123456789abcdef';
const startMs = Date.UTC(2026, 5, 1, 2);
const campaigns = 20;
const partitions = topics.wechatInbound.partitions;

/** Park and Miller's generator: the same recording each time. */
function random(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/**
 * A recording of `pushes` pushes as a busy system leaves it: 20 campaigns, most of which sell out; followers of whom one in four asks
 * again; chatter that no campaign answers; pauses, resumptions and changes of stock all along; batches of up to 300 records in turn from
 * all partitions, as the journal says. Each push waits for its reply.
 */
export async function generateRecording(path: string, pushes: number): Promise<Done> {
  const writer = await createRecording(path, {
    ranges: [topics.wechatInbound, topics.couponCommands, topics.couponJournal].flatMap(({ name, partitions: count }) =>
      Array.from({ length: count }, (_, partition) => ({ topic: name, partition, from: 0, to: null })),
    ),
    note: 'generated',
  });
  const below = random(20_260_601);
  const next = new Map<string, number>();
  const take = (topic: string, partition: number): number => {
    const place = `${topic}/${partition}`;
    const offset = next.get(place) ?? 0;
    next.set(place, offset + 1);
    return offset;
  };
  let sequence = 0;
  let nowMs = startMs;

  const write = async (
    topic: string,
    partition: number,
    records: Omit<Recordable, 'topic' | 'partition' | 'offset'>[],
  ) => {
    const placed = records.map((record) => ({ ...record, topic, partition, offset: take(topic, partition) }));
    const journal = journalRecord(++sequence, topic, partition, placed[0]!.offset, placed.at(-1)!.offset, nowMs);
    await writer.append([...placed, { ...journal, offset: take(topics.couponJournal.name, 0) }]);
  };
  const command = (value: CouponCommand['command']) =>
    write(topics.couponCommands.name, 0, [commandRecord(value, uuidOf('command', String(sequence)), nowMs)]);

  const stock = Math.ceil(pushes / campaigns / 3);
  for (let n = 0; n < campaigns; n++) await command(creation(n, stock));
  for (let sent = 0; sent < pushes;) {
    nowMs += 20;
    const partition = below(partitions);
    const size = Math.min(1 + below(300), pushes - sent);
    const batch = Array.from({ length: size }, (_, i) => {
      const n = sent + i;
      // One in four comes back: a follower that was there before, on the same partition.
      const follower = below(4) === 0 ? below(n + 1) : n;
      const text = below(20) === 0 ? '你好' : keywordOf(below(campaigns));
      return pushRecord(n, follower - (follower % partitions) + partition, text, nowMs);
    });
    await write(topics.wechatInbound.name, partition, batch);
    sent += size;
    if (below(20) === 0) await command(change(below(campaigns), below(3), below(200)));
  }
  return writer.finish();
}

const campaignId = (n: number) => `bench-${n}`;
const keywordOf = (n: number) => `优惠券${n}`;

function creation(n: number, stock: number): CouponCommand['command'] {
  const terms = {
    appid,
    name: '满30减5元券',
    keyword: keywordOf(n),
    match: KeywordMatch.EXACT,
    stock: BigInt(stock),
    limitPerUser: 1 + (n % 2),
    value: { kind: CouponKind.AMOUNT, valueFen: 500n },
  };
  return create(CouponCommandSchema, {
    command: { case: 'createCampaign', value: { campaignId: campaignId(n), terms } },
  }).command;
}

function change(n: number, kind: number, coupons: number): CouponCommand['command'] {
  const id = { campaignId: campaignId(n) };
  const command = [
    { case: 'pauseCampaign', value: id },
    { case: 'resumeCampaign', value: id },
    { case: 'changeStock', value: { ...id, difference: BigInt(coupons - 50) } },
  ] as const;
  return create(CouponCommandSchema, { command: command[kind]! }).command;
}

function commandRecord(command: CouponCommand['command'], id: string, timeMs: number) {
  return {
    timestampMs: timeMs,
    key: 'campaign',
    value: Buffer.from(toBinary(CouponCommandSchema, create(CouponCommandSchema, { command }))),
    headers: toHeaders({ id, source: 'lingquan', type: 'coupon.command', timeMs }),
  };
}

function pushRecord(n: number, follower: number, text: string, timeMs: number) {
  const openid = `oBench${String(follower).padStart(22, '0')}`;
  const msgId = String(7_000_000_000_000_000 + n);
  const message = create(InboundPushSchema, {
    appid,
    accountKind: AccountKind.OFFICIAL_ACCOUNT,
    openid,
    msgId,
    content: { case: 'text', value: { content: text } },
  });
  const envelope = { id: pushId(appid, msgId), source: 'ingress', type: 'wechat.text', timeMs };
  const reply = { instance: 'bench', partition: n % 4, deadlineMs: timeMs + 4500 };
  return {
    timestampMs: timeMs,
    key: `${appid}:${openid}`,
    value: Buffer.from(toBinary(InboundPushSchema, message)),
    headers: toHeaders(envelope, reply),
  };
}

function journalRecord(
  sequence: number,
  topic: string,
  partition: number,
  firstOffset: number,
  lastOffset: number,
  timeMs: number,
): Omit<Recordable, 'offset'> {
  const entry = create(JournalEntrySchema, {
    sequence: BigInt(sequence),
    topic,
    partition,
    firstOffset: BigInt(firstOffset),
    lastOffset: BigInt(lastOffset),
  });
  const envelope = { id: uuidOf('journal', String(sequence)), source: 'coupon-issuer', type: 'coupon.journal', timeMs };
  return {
    topic: topics.couponJournal.name,
    partition: 0,
    timestampMs: timeMs,
    key: 'coupon-issuer',
    value: Buffer.from(toBinary(JournalEntrySchema, entry)),
    headers: toHeaders(envelope),
  };
}
