import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@lingquan/errors';
import { checkout } from '../layout.ts';
import type { Layout } from '../layout.ts';
import { onPath } from './needed-programs.ts';
import type { ServerName } from './names.ts';

const run = promisify(execFile);

/** The variables by which docker-compose.yml takes a server's port on this machine. */
export const portVariables: Record<ServerName, string> = {
  kafka: 'KAFKA_PORT',
  postgres: 'POSTGRES_PORT',
  redis: 'REDIS_PORT',
};

/** The compose project of one system: the clients to call, and the environment to call them in. */
export type Compose = { command: readonly [string, ...string[]]; docker: string; env: NodeJS.ProcessEnv };

/** Compose for an engine: the plugin, else docker-compose; undefined when neither it nor the Docker client is installed. */
export function findCompose(env: NodeJS.ProcessEnv, host: string, layout: Layout): Compose | undefined {
  const docker = onPath('docker', env);
  if (docker === undefined) return undefined;
  const project = { COMPOSE_PROJECT_NAME: `lingquan-${layout.id}`, COMPOSE_FILE: join(checkout, 'docker-compose.yml') };
  const composeEnv = { ...env, ...project, DOCKER_HOST: host };
  if (spawnSync(docker, ['compose', 'version'], { env: composeEnv, stdio: 'ignore' }).status === 0)
    return { command: [docker, 'compose'], docker, env: composeEnv };
  const standalone = onPath('docker-compose', env);
  return standalone === undefined ? undefined : { command: [standalone], docker, env: composeEnv };
}

/** Runs a compose command and gives what it wrote. Throws `unavailable` with the end of what it said; `signal` ends it. */
export function compose(
  { command, env }: Compose,
  args: readonly string[],
  more: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<string> {
  const [program, ...before] = command;
  return output(program, [...before, ...args], { ...env, ...more.env }, more.signal);
}

/** Runs a Docker command on the same engine. */
export const dockerCommand = ({ docker, env }: Compose, args: readonly string[]): Promise<string> =>
  output(docker, args, env);

async function output(program: string, args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal) {
  try {
    const { stdout } = await run(program, [...args], { cwd: checkout, env, signal, maxBuffer: 16 * 1024 * 1024 });
    return stdout.trim();
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new AppError('unavailable', stderr.trim().split('\n').slice(-3).join('\n') || String(cause));
  }
}
