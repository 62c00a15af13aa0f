import { topics } from '@lingquan/events';
import { deadLetter } from '@lingquan/exactly-once';
import type { Decide } from '@lingquan/exactly-once';
import type { IncomingRecord, OutgoingRecord, PartitionBatch } from '@lingquan/kafka';
import type { Last } from '@lingquan/postgres';
import type { PoolClient } from 'pg';
import { settle } from '../domain/attempt.ts';
import type { Attempt, ClaimState, Coupon, Settled } from '../domain/attempt.ts';
import { ruleBook } from '../domain/book.ts';
import type { RuleBook } from '../domain/book.ts';
import type { Campaign } from '../domain/campaign.ts';
import { campaignKey, codesFor } from '../domain/code.ts';
import { decideCommand } from '../domain/command.ts';
import { campaignFacts, recordsOf } from '../publish/facts.ts';
import { loadCampaigns, lockClaimed, lockRuleBook, saveCampaign } from '../store/campaigns.ts';
import { loadDecided, loadHoldings, saveClaims } from '../store/claims.ts';
import { loadCommands, saveCommand } from '../store/commands.ts';
import { commandOf } from './commands.ts';
import { attemptOf } from './inbound.ts';

/** A record read, or the dead letter it becomes. */
type Read<T> = { value: T } | { dead: OutgoingRecord };

const readAll = <T>(batch: PartitionBatch, read: (record: IncomingRecord) => T): Read<T>[] =>
  batch.records.map((record) => {
    try {
      return { value: read(record) };
    } catch (error) {
      return { dead: deadLetter(record, error) };
    }
  });

/**
 * Decides one round: batches of coupon.commands first, then batches of wechat.inbound. Lock order: rule book, then campaigns
 * by id.
 */
export function roundDecider({ codeSecret }: { codeSecret: Buffer }): Decide {
  let cached: { version: number; book: RuleBook } | undefined;

  async function bookAt(client: PoolClient, version: number): Promise<RuleBook> {
    if (cached?.version !== version) cached = { version, book: ruleBook(await loadCampaigns(client)) };
    return cached.book;
  }

  return async (client, batches, last) => {
    const commands = batches.filter(({ topic }) => topic === topics.couponCommands.name);
    const pushes = batches.filter(({ topic }) => topic === topics.wechatInbound.name);
    const commanding = commands.length > 0;
    const version = await lockRuleBook(client, commanding);
    if (commanding) cached = undefined; // what this round makes of it counts only once committed
    const book = commanding ? ruleBook(await loadCampaigns(client)) : await bookAt(client, version);
    const published: OutgoingRecord[][] = [];
    for (const batch of commands) published.push(await decideCommands(client, book, batch));
    return [...published, ...(await decidePushes({ client, last }, book, pushes, codeSecret))];
  };
}

async function decideCommands(client: PoolClient, book: RuleBook, batch: PartitionBatch): Promise<OutgoingRecord[]> {
  const read = readAll(batch, commandOf);
  const commands = read.flatMap((one) => ('value' in one ? [one.value] : []));
  const decided = new Set(
    (
      await loadCommands(
        client,
        commands.map(({ envelope }) => envelope.id),
      )
    ).map(({ id }) => id),
  );
  const claimed = await lockClaimed(
    client,
    commands.map(({ command }) => command.campaignId),
  );
  const published: OutgoingRecord[] = [];
  for (const one of read) {
    if ('dead' in one) {
      published.push(one.dead);
      continue;
    }
    const { envelope, command } = one.value;
    if (decided.has(envelope.id)) continue;
    decided.add(envelope.id);
    const outcome = decideCommand(book, claimed.get(command.campaignId) ?? 0, command, envelope.timeMs);
    if (outcome.kind === 'created' || outcome.kind === 'changed') {
      book.put(outcome.campaign);
      await saveCampaign(client, outcome.campaign);
    }
    await saveCommand(client, {
      id: envelope.id,
      campaignId: command.campaignId,
      refusal: outcome.kind === 'refused' ? outcome.refusal : undefined,
    });
    published.push(...campaignFacts(envelope, outcome));
  }
  return published;
}

async function decidePushes(
  { client, last }: { client: PoolClient; last: Last },
  book: RuleBook,
  batches: PartitionBatch[],
  codeSecret: Buffer,
): Promise<OutgoingRecord[][]> {
  const read = batches.map((batch) => readAll(batch, attemptOf));
  const attempts = read.flat().flatMap((one) => ('value' in one ? [one.value] : []));
  const state = await loadState(client, book, attempts);
  const settled = read.map((batch) =>
    batch.map((one): Settled | OutgoingRecord => ('dead' in one ? one.dead : settle(state, one.value))),
  );
  const fresh = settled
    .flat()
    .flatMap((one) => ('attempt' in one && !one.repeat && one.outcome.kind !== 'no rule' ? [one] : []));
  nameCoupons(fresh, codeSecret);
  if (fresh.length > 0) last(saveClaims(client, fresh, state.claimed));
  return settled.map((batch) => batch.flatMap((one) => ('attempt' in one ? recordsOf(one) : [one])));
}

/** Loads what the attempts are decided from: only campaigns that one of them means, locked first. */
async function loadState(client: PoolClient, book: RuleBook, attempts: Attempt[]): Promise<ClaimState> {
  const meant = attempts.flatMap(({ appid, openid, trigger, envelope }) => {
    const campaign = trigger && book.find(appid, trigger, envelope.timeMs);
    return campaign === undefined ? [] : [{ campaignId: campaign.id, openid, eventId: envelope.id }];
  });
  if (meant.length === 0) return { book, claimed: new Map(), holdings: new Map(), decided: new Map() };
  // Sent together; Postgres runs them in this order, so what is loaded is loaded under the locks.
  const [claimed, holdings, decided] = await Promise.all([
    lockClaimed(client, [...new Set(meant.map(({ campaignId }) => campaignId))]),
    loadHoldings(client, meant),
    loadDecided(
      client,
      meant.map(({ eventId }) => eventId),
      book,
    ),
  ]);
  return { book, claimed, holdings, decided };
}

/** Gives every new coupon its code, a campaign at a time. */
function nameCoupons(settled: Settled[], codeSecret: Buffer): void {
  const byCampaign = new Map<Campaign, Coupon[]>();
  for (const { outcome } of settled) {
    if (outcome.kind !== 'granted') continue;
    (byCampaign.get(outcome.campaign) ?? byCampaign.set(outcome.campaign, []).get(outcome.campaign)!).push(
      outcome.coupon,
    );
  }
  for (const [campaign, coupons] of byCampaign) {
    const codes = codesFor(
      campaignKey(codeSecret, campaign.id),
      campaign.number,
      coupons.map(({ serial }) => serial),
    );
    coupons.forEach((coupon, place) => void (coupon.code = codes[place]!));
  }
}
