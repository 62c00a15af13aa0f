import { isIP } from 'node:net';
import type { Json } from './call.ts';
import type { Family } from './family.ts';
import { failed } from './outcome.ts';
import type { ApiOutcome } from './outcome.ts';

/** `GET /cgi-bin/getcallbackip`: the addresses the platform pushes from, single ones and CIDR ranges mixed (reference 6). */
export async function fetchCallbackIps(family: Family, token: string): Promise<ApiOutcome<string[]>> {
  const outcome = await family.call({
    method: 'GET',
    path: '/cgi-bin/getcallbackip',
    query: { access_token: token },
    secrets: [token],
  });
  return outcome.kind === 'ok' ? readCallbackIps(outcome.value) : outcome;
}

/** Takes the list whole or not at all: half a list would shut real pushes out. */
export function readCallbackIps({ ip_list: list }: Json): ApiOutcome<string[]> {
  if (!Array.isArray(list) || list.length === 0 || !list.every(isAddress))
    return failed('uncertain', 'the answer holds no list of addresses');
  return { kind: 'ok', value: list };
}

function isAddress(entry: unknown): entry is string {
  if (typeof entry !== 'string') return false;
  const [address = '', bits, ...more] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
