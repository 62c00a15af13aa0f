import { readCustomerMessage } from '../../rules/customer-message.ts';
import { refuse } from '../../rules/refusal.ts';
import { takeMessage } from '../../rules/reply-windows.ts';
import type { Follower } from '../../state/followers.ts';
import type { AccountState } from '../../state/world.ts';
import { describe } from '../../push/reply.ts';
import { type AccountCall, type Answer, type Api, ok } from '../definition.ts';

/** The follower a message is for; 40003 for an openid that is not this account's. */
export function receiverOf(state: AccountState, body: Readonly<Record<string, unknown>>): Follower {
  const openid = body['touser'];
  return (typeof openid === 'string' ? state.followers.get(openid) : undefined) ?? refuse(40003);
}

function send({ state, body, world, now }: AccountCall): Answer {
  const follower = receiverOf(state, body);
  const message = readCustomerMessage(body, state.account.kind, (id) => state.media.get(id, now) !== undefined);
  if ('errcode' in message) return refuse(message.errcode);
  if (!follower.following) refuse(43004);
  if (follower.refusesMessages) refuse(48002);
  const verdict = takeMessage(follower.windows, now);
  if (verdict !== 'ok') refuse(verdict);
  follower.typingUntil = 0;
  state.chat.add({
    openid: follower.openid,
    at: new Date(now).toISOString(),
    from: 'account',
    via: 'customer-service',
    type: message.type,
    text: describe(message.type, message.content),
    content: message.content,
  });
  world.feed.publish('followers', { appid: state.account.appid });
  return ok();
}

/** How long "is typing" is shown when nothing ends it. */
const typingMs = 15_000;

function setTyping({ state, body, world, now }: AccountCall): Answer {
  const follower = receiverOf(state, body);
  const command = body['command'];
  if (command !== 'Typing' && command !== 'CancelTyping') refuse(45072);
  if (!follower.windows.some((window) => window.closesAt > now)) refuse(45080);
  if (command === 'Typing' && follower.typingUntil > now) refuse(45081);
  follower.typingUntil = command === 'Typing' ? now + typingMs : 0;
  world.feed.publish('typing', { appid: state.account.appid, openid: follower.openid, typing: command === 'Typing' });
  return ok();
}

/** Customer-service messages of both kinds of account. */
export const customerServiceApis: readonly Api[] = [
  { method: 'POST', path: '/cgi-bin/message/custom/send', auth: 'token', handle: send },
  { method: 'POST', path: '/cgi-bin/message/custom/typing', auth: 'token', handle: setTyping },
];
