import { AppError } from '@lingquan/errors';
import ipaddr from 'ipaddr.js';
import type { Context } from 'koa';
import type { Role } from '../domain/mask.ts';
import { LOCAL } from './readers.ts';
import type { Reader, Readers } from './readers.ts';

/** Who asks, and what he may have. */
export type Access = {
  /** Throws `unauthorized` without a token of a reader, once there are readers; `openRole` is what everybody gets before. */
  reader: (ctx: Context, openRole: Role) => Reader;
  /** Somebody who may have webhooks. Throws `unauthorized`. */
  manager: (ctx: Context) => Reader;
  /** What the owner of a webhook may see at this moment; undefined: he is no reader any more, or may have none. */
  roleOf: (owner: string) => Role | undefined;
  /** Whose webhooks are served. */
  owners: () => string[];
};

const BEARER = /^Bearer +([^\s]{1,512})$/i;
const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** With readers everything needs a token; without them (trying it out) reading is open, and webhooks are managed from this machine alone. */
export function accessFor(readers: Readers | undefined): Access {
  return readers === undefined ? openAccess() : tokenAccess(readers);
}

function tokenAccess(readers: Readers): Access {
  const reader = (ctx: Context): Reader => {
    const token = BEARER.exec(ctx.get('Authorization'))?.[1];
    const found = token === undefined ? undefined : readers.byToken(token);
    if (found !== undefined) return found;
    ctx.set('WWW-Authenticate', 'Bearer');
    throw new AppError('unauthorized', 'a reader’s token is needed: Authorization: Bearer …');
  };
  return {
    reader,
    manager: (ctx) => {
      const found = reader(ctx);
      if (!found.manages) throw new AppError('unauthorized', 'this reader may have no webhooks: "manages" is not set');
      return found;
    },
    roleOf: (owner) => {
      const found = readers.byName(owner);
      return found?.manages === true ? found.role : undefined;
    },
    owners: () => readers.names().filter((name) => readers.byName(name)!.manages),
  };
}

const openAccess = (): Access => ({
  reader: (_ctx, role) => ({ name: LOCAL, role, manages: false }),
  manager: (ctx) => {
    if (!isLocal(ctx))
      throw new AppError(
        'unauthorized',
        'without CLAIM_LOG_READERS_FILE webhooks are managed from this machine alone (http://127.0.0.1)',
      );
    return { name: LOCAL, role: 'masked', manages: true };
  },
  roleOf: (owner) => (owner === LOCAL ? 'masked' : undefined),
  owners: () => [LOCAL],
});

/** By address, and by the name asked for: neither a page elsewhere that has its own name point here is local, nor what a proxy hands on. */
const isLocal = ({ req }: Context): boolean => {
  const address = req.socket.remoteAddress ?? '';
  return (
    ipaddr.isValid(address) &&
    ipaddr.process(address).range() === 'loopback' &&
    LOOPBACK_NAME.test(req.headers.host ?? '') &&
    req.headers['x-forwarded-for'] === undefined &&
    req.headers.forwarded === undefined
  );
};
