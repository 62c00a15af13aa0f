import { AppError } from '@lingquan/errors';
import { waitUntil } from '../waiting.ts';
import { addressVariable } from './names.ts';
import type { ServerName } from './names.ts';
import { pings } from './ping.ts';

/** The address of a server that the environment names, once it has answered. Throws `unavailable` naming the variable if it does not. */
export async function givenAddress(name: ServerName, env: NodeJS.ProcessEnv): Promise<string> {
  const variable = addressVariable[name];
  const address = env[variable]!;
  try {
    await waitUntil(() => pings[name](address), { withinMs: 5_000, everyMs: 200 });
    return address;
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `${variable} 所指的服务器没有回应 the ${name} that ${variable} names does not answer`,
      { cause },
    );
  }
}
