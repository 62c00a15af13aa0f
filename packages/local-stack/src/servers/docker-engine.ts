import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { onPath } from './needed-programs.ts';

/** How long an engine may take to answer. One that is there does so within milliseconds. */
const patienceMs = 1500;

/**
 * The address of a Docker engine that really answers, in the form DOCKER_HOST takes, or undefined. The client being installed
 * proves nothing; neither does a socket nobody listens on.
 */
export async function findDockerEngine(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const host of dockerHosts(env)) if (await answers(host, env)) return host;
  return undefined;
}

/** DOCKER_HOST alone if it is set; else the sockets of an engine of the machine, of the user, of Docker Desktop. */
export function dockerHosts(env: NodeJS.ProcessEnv): string[] {
  if (env['DOCKER_HOST']) return [env['DOCKER_HOST']];
  const sockets = [
    '/var/run/docker.sock',
    env['XDG_RUNTIME_DIR'] && join(env['XDG_RUNTIME_DIR'], 'docker.sock'),
    join(homedir(), '.docker', 'run', 'docker.sock'),
  ];
  return sockets.filter((socket) => socket && existsSync(socket)).map((socket) => `unix://${socket}`);
}

async function answers(host: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const address = URL.parse(host);
  if (address?.protocol === 'unix:') return pings({ socketPath: address.pathname });
  if (address?.protocol === 'tcp:' && !env['DOCKER_TLS_VERIFY'])
    return pings({ host: address.hostname, port: address.port || 2375 });
  // By SSH or TLS: only the client knows the way.
  const docker = onPath('docker', env);
  const asked = docker && spawnSync(docker, ['version'], { env: { ...env, DOCKER_HOST: host }, timeout: 5000 });
  return asked !== undefined && asked !== '' && asked.status === 0;
}

type Where = { socketPath: string } | { host: string; port: string | number };

/** Docker Engine API: `GET /_ping` answers 200. */
function pings(where: Where): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ ...where, path: '/_ping', timeout: patienceMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
