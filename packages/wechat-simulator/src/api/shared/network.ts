import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { refuse } from '../../rules/refusal.ts';
import { type AccountCall, type Answer, type Api, json } from '../definition.ts';

/** Where this process's pushes come from: the machine's own addresses. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
}

/** Milliseconds until the service's port takes a connection; undefined when it does not within a second. */
async function connectMs(host: string, port: number): Promise<number | undefined> {
  const startedAt = performance.now();
  const socket = connect({ host, port, signal: AbortSignal.timeout(1000) });
  try {
    await once(socket, 'connect');
    return performance.now() - startedAt;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

const operators: readonly unknown[] = ['CHINANET', 'UNICOM', 'CAP', 'DEFAULT'];

/** Looks the service's address up and knocks at its port. Both lists are always there: clients read both. */
async function check({ state, body }: AccountCall): Promise<Answer> {
  const action = body['action'] ?? 'all';
  const operator = body['check_operator'] ?? 'DEFAULT';
  if (action !== 'dns' && action !== 'ping' && action !== 'all') refuse(40202);
  if (!operators.includes(operator)) refuse(40203);
  const target = new URL(state.account.pushUrl);
  const found = await lookup(target.hostname.replace(/^\[|\]$/g, '')).catch(() => undefined);
  const ip = found?.address ?? '';
  const ms =
    ip === '' ? undefined : await connectMs(ip, Number(target.port || (target.protocol === 'https:' ? 443 : 80)));
  const ping = {
    ip,
    from_operator: operator,
    package_loss: ms === undefined ? '100%' : '0%',
    time: ms === undefined ? '' : `${ms.toFixed(3)}ms`,
  };
  return json({
    dns: action === 'ping' ? [] : [{ ip, real_operator: operator }],
    ping: action === 'dns' ? [] : [ping],
  });
}

/** Addresses, and the check of the way to the service. `callbackIps` empty means this machine's own. */
export function networkApis(callbackIps: readonly string[]): Api[] {
  return [
    {
      method: 'GET',
      path: '/cgi-bin/getcallbackip',
      auth: 'token',
      handle: () => json({ ip_list: callbackIps.length > 0 ? callbackIps : ownAddresses() }),
    },
    {
      method: 'GET',
      path: '/cgi-bin/get_api_domain_ip',
      auth: 'token',
      handle: () => json({ ip_list: ownAddresses() }),
    },
    { method: 'POST', path: '/cgi-bin/callback/check', auth: 'token', handle: check },
  ];
}
