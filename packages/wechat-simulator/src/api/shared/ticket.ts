import { newOpaque } from '../../state/ids.ts';
import { refuse } from '../../rules/refusal.ts';
import { type AccountCall, type Answer, type Api, ok } from '../definition.ts';

const lifeMs = 7_200_000;

/** The same ticket until it ends: clients are told to keep it, and calls are scarce. */
function getTicket({ state, query, now }: AccountCall): Answer {
  const type = query.get('type') ?? '';
  if (type !== 'jsapi' && type !== 'wx_card') refuse(40097, 'type');
  const kept = state.tickets.get(type);
  const live = kept !== undefined && kept.expiresAt > now ? kept : { ticket: newOpaque(64), expiresAt: now + lifeMs };
  state.tickets.set(type, live);
  return ok({ ticket: live.ticket, expires_in: Math.floor((live.expiresAt - now) / 1000) });
}

/** Tickets for pages (JS-SDK) and cards. */
export const ticketApis: readonly Api[] = [
  { method: 'GET', path: '/cgi-bin/ticket/getticket', auth: 'token', handle: getTicket },
];
