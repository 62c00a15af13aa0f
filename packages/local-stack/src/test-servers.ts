import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf, makeFolders } from './layout.ts';
import type { Layout } from './layout.ts';
import { bringUp } from './processes/keep-alive.ts';
import { end } from './processes/launch.ts';
import { pidFiles } from './processes/pid-files.ts';
import { givenAddress } from './servers/given.ts';
import { addressVariable, localAddress, serverNames } from './servers/names.ts';
import type { ServerName } from './servers/names.ts';
import { planProgram, preparePrograms } from './servers/programs.ts';
import { chooseSources, serversFrom } from './servers/sources.ts';
import type { Say } from './terminal.ts';
import { stopwatch } from './terminal.ts';

type Opened = { opened: AsyncDisposableStack; layout: Layout; say: Say; install: boolean; signal: AbortSignal };

/**
 * Finds or starts Kafka, Postgres and Redis for a test run, each on its own: an address in the environment, a Docker engine, a
 * program. Gives their addresses by variable name. What is started keeps its data in `layout` and ends with `opened`.
 */
export async function openTestServers(context: Opened): Promise<Record<string, string>> {
  const { layout, say, install } = context;
  const sources = chooseSources(process.env, { docker: false });
  const programs = serversFrom('program', sources);
  await preparePrograms(programs, { install, say });
  const taken = new Set<number>();
  const plans = new Map<ServerName, Awaited<ReturnType<typeof planProgram>>>();
  for (const name of programs)
    plans.set(name, await planProgram(name, { layout, durable: false, install, say, taken }));
  const entries = serverNames.map(async (name) => {
    const elapsed = stopwatch();
    const plan = plans.get(name);
    const address =
      plan === undefined ? await givenAddress(name, process.env) : await startProgram(name, plan, context);
    say(`✓ ${name} ${address}${plan === undefined ? '（环境变量 from the environment）' : ''} ${elapsed()}`);
    return [addressVariable[name], address] as const;
  });
  return Object.fromEntries(await allOrNothing(entries));
}

/** Waits for all to settle, so that nothing is still starting when the caller begins to clean up after a failure. */
async function allOrNothing<T>(work: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function startProgram(
  name: ServerName,
  { kept, choice }: Awaited<ReturnType<typeof planProgram>>,
  { opened, layout, signal }: Opened,
) {
  const running = await bringUp(kept, pidFiles(layout.run), signal);
  opened.defer(() => end(running, kept.stopSignal, kept.stopWithinMs));
  return localAddress(name, choice.port);
}

/** A folder for one test run, removed with `opened`. */
export function temporaryLayout(opened: AsyncDisposableStack): Layout {
  const layout = layoutOf(mkdtempSync(join(realpathSync(tmpdir()), 'lingquan-test-')));
  opened.defer(() => rmSync(layout.dir, { recursive: true, force: true, maxRetries: 5 }));
  makeFolders(layout);
  return layout;
}
