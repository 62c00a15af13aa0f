import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, messageOf } from '@lingquan/errors';
import type { Layout } from '../layout.ts';
import type { Kept } from '../processes/keep-alive.ts';
import type { Say } from '../terminal.ts';
import { stopwatch } from '../terminal.ts';
import { findCompose } from './compose.ts';
import type { Compose } from './compose.ts';
import { composeDown, composeServer, composeUp } from './compose-server.ts';
import { findDockerEngine } from './docker-engine.ts';
import type { ServerName } from './names.ts';
import { choosePort } from './ports.ts';

/** Servers in containers of one system: how each is kept running and on which port, and what removes them in the end. */
export type Containers = { kept: Map<ServerName, { kept: Kept; port: number }>; remove: () => Promise<void> };

export type ContainerPlan = {
  layout: Layout;
  say: Say;
  signal: AbortSignal;
  /** The ports of the last start. */
  remembered: Partial<Record<ServerName, number>>;
  taken: Set<number>;
};

/** Compose on an engine that answers, or undefined. */
export async function findContainers(env: NodeJS.ProcessEnv, layout: Layout): Promise<Compose | undefined> {
  const host = await findDockerEngine(env);
  return host === undefined ? undefined : findCompose(env, host, layout);
}

/** There while containers of this system may run, for whoever has to clear up after a killed supervisor. */
const markOf = (layout: Layout) => join(layout.run, 'containers');

/**
 * Makes and starts the servers' containers as docker-compose.yml describes them, on free ports. Throws `unavailable`, with
 * nothing left of them, when that cannot be done (an image that cannot be fetched, say).
 */
export async function startContainers(
  names: readonly ServerName[],
  using: Compose,
  plan: ContainerPlan,
): Promise<Containers> {
  const { layout, say, signal, remembered, taken } = plan;
  const ports: Partial<Record<ServerName, number>> = {};
  for (const name of names) ports[name] = await choosePort({ remembered: remembered[name], seed: layout.id, taken });
  const elapsed = stopwatch();
  say(
    `… 启动容器，第一次要下载镜像 starting containers (the first time their images are fetched): ${names.join(', ')}`,
  );
  writeFileSync(markOf(layout), `${using.env['COMPOSE_PROJECT_NAME']}\n`);
  const isFirst = Object.keys(remembered).length === 0;
  const remove = async ({ dataToo = false } = {}) => {
    await composeDown(using, dataToo);
    rmSync(markOf(layout), { force: true });
  };
  try {
    await composeUp(using, ports, signal);
    const kept: Containers['kept'] = new Map();
    for (const name of names)
      kept.set(name, { kept: await composeServer(using, name, ports[name]!, layout), port: ports[name]! });
    say(`✓ 容器已启动 containers started ${elapsed()}`);
    return { kept, remove };
  } catch (cause) {
    await remove({ dataToo: isFirst }); // there was none before
    throw new AppError('unavailable', `Docker 启动服务器失败 could not start the servers: ${messageOf(cause)}`);
  }
}

/** Removes the containers a killed supervisor left; their volumes stay. */
export async function removeLeftContainers(layout: Layout, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (!existsSync(markOf(layout))) return false;
  const using = await findContainers(env, layout);
  if (using === undefined) return false; // the engine is gone, and the containers with it
  await composeDown(using);
  rmSync(markOf(layout), { force: true });
  return true;
}
