import { AppError } from '@lingquan/errors';
import { newMessageId } from '../state/ids.ts';
import { seconds } from '../state/clock.ts';
import type { Follower } from '../state/followers.ts';
import type { AccountState, World } from '../state/world.ts';
import { type Delivered, type Delivery, deliver } from './deliver.ts';
import { applyAction, isVisible, lineOf } from './effects.ts';
import { withMedia } from './media.ts';
import { type Action, isMessage, pushFields } from './message.ts';
import type { PushRecord } from './record.ts';
import { type ReplyReading, describe, readReply } from './reply.ts';
import { type SealedPush, sealPush } from './seal.ts';

export interface PushOptions {
  /** Decimal text; a new one when left out. The same one again is what a repeat of the platform looks like. */
  readonly msgId?: string | undefined;
  /** Seconds; the platform's clock when left out. */
  readonly createTime?: number | undefined;
  /** Whether each repeat is signed anew or sent as it was. Which of them the platform does is not documented. */
  readonly repeats?: 'same' | 'fresh' | undefined;
}

/** Pushes what followers do, and what the platform reports by itself, to the accounts' services. */
export interface Pusher {
  /** Resolves when the service has answered or all repeats have failed. */
  push(state: AccountState, follower: Follower, action: Action, options?: PushOptions): Promise<PushRecord>;
}

/** What the follower reads when the service did not answer well (reference 4.3). The mini program's own words are from its guide. */
const failureTexts = {
  'official-account': '该公众号提供的服务出现故障，请稍后再试',
  'mini-program': '该小程序客服暂时无法提供服务，请稍后再试',
} as const;

let lastId = 0;

export function createPusher(world: World, delivery: Delivery, origin: () => string): Pusher {
  return {
    async push(state, follower, action, options = {}) {
      lastId += 1;
      const now = world.clock.now();
      refuseStranger(state, follower, action);
      applyAction(follower, action, now);
      const msgId = options.msgId ?? newMessageId(seconds(now));
      const pushed: Pushed = { id: lastId, state, follower, action: await withMedia(state, action, now), now, msgId };
      showAction(pushed);
      world.feed.publish('followers', { appid: state.account.appid });
      const record = await deliverPushed(pushed, options);
      for (const { ms, error } of record.attempts) state.pushStatistics.note(now, ms, error !== undefined);
      showOutcome(world, state, record);
      world.pushes.add(record);
      world.feed.publish('push', record);
      return record;
    },
  };

  async function deliverPushed(pushed: Pushed, { createTime, repeats }: PushOptions): Promise<PushRecord> {
    const { state, follower, action, now, msgId } = pushed;
    const { originalId, appid } = state.account;
    const { openid } = follower;
    const fields = pushFields(action, { originalId, openid, now, createTime, msgId, origin: origin() });
    const seal = () => sealPush(state.account, openid, fields, seconds(world.clock.machineNow()));
    const first = seal();
    const sealAgain = (attempt: number) => (attempt > 0 && repeats === 'fresh' ? seal() : first);
    return recordOf(pushed, first, await deliver(delivery, appid, sealAgain));
  }
}

/** Somebody who does not follow can follow or scan, and nothing else. */
function refuseStranger(state: AccountState, follower: Follower, action: Action): void {
  const allowed: readonly string[] = [
    'subscribe',
    'scan',
    'raw',
    'subscribe_msg_popup',
    'subscribe_msg_sent',
    'template_result',
  ];
  if (state.account.kind === 'official-account' && !follower.following && !allowed.includes(action.type)) {
    throw new AppError(
      'conflict',
      'This person does not follow the account, so nothing they do reaches it; push a subscribe first',
    );
  }
}

function showAction({ id, state, follower, action, now }: Pushed): void {
  const line = lineOf(action);
  if (line === undefined) return;
  const at = new Date(now).toISOString();
  state.chat.add({ ...line, openid: follower.openid, at, from: 'follower', via: 'push', pushId: id });
}

interface Pushed {
  readonly id: number;
  readonly state: AccountState;
  readonly follower: Follower;
  readonly action: Action;
  readonly now: number;
  readonly msgId: string;
}

function recordOf(pushed: Pushed, sealed: SealedPush, delivered: Delivered): PushRecord {
  const { state, follower, action } = pushed;
  const { last, answered, attempts } = delivered;
  const reading: ReplyReading =
    last !== undefined && answered
      ? readReply(state.account, { openid: follower.openid, isMessage: isMessage(action.type) }, last.body)
      : { kind: 'malformed', clear: last?.body ?? '', problem: attempts.at(-1)?.error ?? 'no answer' };
  return {
    id: pushed.id,
    appid: state.account.appid,
    openid: follower.openid,
    at: new Date(pushed.now).toISOString(),
    type: action.type,
    msgId: isMessage(action.type) ? pushed.msgId : null,
    attempts,
    request: { url: sealed.url, body: sealed.body, xml: sealed.clear },
    response: last === undefined ? null : { body: last.body, xml: reading.clear, contentType: last.contentType },
    reply: reading.kind === 'reply' ? reading.reply : null,
    shown: shownOf(state, action, reading),
    problem: reading.kind === 'malformed' ? reading.problem : null,
  };
}

/** A mini program's chat shows no passive replies; only handing over to customer service has an effect (reference 13). */
function shownOf(state: AccountState, action: Action, reading: ReplyReading): string | null {
  if (!isVisible(action.type) || reading.kind === 'nothing') return null;
  if (reading.kind === 'malformed') return failureTexts[state.account.kind];
  if (reading.reply.type === 'transfer_customer_service' || state.account.kind === 'mini-program') return null;
  return describe(reading.reply.type, reading.reply.content);
}

function showOutcome(world: World, state: AccountState, record: PushRecord): void {
  if (record.shown === null) return;
  const at = new Date(world.clock.now()).toISOString();
  const { openid, id: pushId, shown: text, reply } = record;
  if (reply === null) state.chat.add({ openid, at, from: 'platform', via: 'notice', type: 'text', text, pushId });
  else
    state.chat.add({
      openid,
      at,
      from: 'account',
      via: 'reply',
      type: reply.type,
      text,
      content: reply.content,
      pushId,
    });
}
