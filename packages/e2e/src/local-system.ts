import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@lingquan/test-kit';
import { freePort } from './free-port.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Runs one of the entries behind npm start and npm run stop. Rejects with what it printed. */
const run = (entry: string, env: NodeJS.ProcessEnv, ...words: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [`${root}packages/local-stack/src/bin/${entry}.ts`, ...words],
      { env },
      (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${entry}:\n${stdout}${stderr}`, { cause: error })),
    );
  });

/** Every process `npm start` runs, servers included. */
export type ProcessName =
  | 'kafka'
  | 'postgres'
  | 'redis'
  | 'ingress'
  | 'coupon-issuer'
  | 'payment'
  | 'notifier'
  | 'claim-log'
  | 'simulator';

/**
 * A whole system with servers of its own, as `npm start -- --detach` brings it up, in a folder of its own under the checkout's
 * .local; stopped and removed by `await using`.
 */
export async function startLocalSystem(settings: Record<string, string> = {}) {
  await mkdir(`${root}.local`, { recursive: true });
  const dir = await mkdtemp(`${root}.local/e2e-`);
  const ports = [
    'INGRESS_PORT',
    'COUPON_ISSUER_PORT',
    'PAYMENT_PORT',
    'NOTIFIER_PORT',
    'CLAIM_LOG_PORT',
    'SIMULATOR_PORT',
    'SIMULATOR_TLS_PORT',
  ];
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    LOCAL_DIR: dir,
    DOCKER_HOST: 'unix:///nowhere/docker.sock', // programs of this machine: their processes are what is to be killed
    ...settings,
  };
  for (const port of ports) env[port] = String(await freePort());
  await run('start', env, '--detach', '--no-install');

  const pidOf = async (name: ProcessName) =>
    Number(await readFile(join(dir, 'run', `${name}.pid`), 'utf8').catch(() => 'NaN'));
  return {
    env,
    dir,
    /** SIGKILL; resolves when the supervisor has put another process in its place. */
    kill: async (name: ProcessName) => {
      const killed = await pidOf(name);
      process.kill(killed, 'SIGKILL');
      await until(
        async () => {
          const now = await pidOf(name);
          return Number.isInteger(now) && now !== killed;
        },
        `${name} is started again`,
        30_000,
      );
    },
    /** The servers' addresses, as `servers.json` holds them. */
    servers: async () => JSON.parse(await readFile(join(dir, 'run', 'servers.json'), 'utf8')) as { redisUrl: string },
    [Symbol.asyncDispose]: async () => {
      await run('stop', env);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
