import type { IncomingMessage } from 'node:http';
import type { Addresses } from '../domain/addresses.ts';
import { isAddress } from '../domain/addresses.ts';

/** Where a request came from. */
export type Origin = {
  address: string;
  /** It came through a proxy of ours, whose headers may be believed. */
  trusted: boolean;
};

/**
 * The client's address: the socket's, or what a trusted proxy says it is. X-Forwarded-For is read from its end, where our own
 * proxies write; the first entry that is not one of them is the client. What anybody else wrote in it counts for nothing.
 */
export function originOf(request: IncomingMessage, isProxy: Addresses): Origin {
  const socket = request.socket.remoteAddress ?? '';
  if (!isProxy(socket)) return { address: socket, trusted: false };
  let address = socket;
  for (const hop of forwarded(request).toReversed()) {
    if (!isAddress(hop)) break;
    address = hop;
    if (!isProxy(hop)) break;
  }
  return { address, trusted: true };
}

function forwarded(request: IncomingMessage): string[] {
  const header = request.headers['x-forwarded-for'];
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text === '' ? [] : text.split(',').map((hop) => hop.trim());
}
