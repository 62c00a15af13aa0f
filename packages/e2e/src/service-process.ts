import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from '@lingquan/test-kit';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const entries = {
  ingress: 'services/ingress/src/bin.ts',
  'coupon-issuer': 'services/coupon-issuer/src/bin.ts',
  payment: 'services/payment/src/bin.ts',
  notifier: 'services/notifier/src/bin.ts',
  'claim-log': 'services/claim-log/src/bin.ts',
  simulator: 'packages/wechat-simulator/src/bin.ts',
} as const;

export type ServiceName = keyof typeof entries;

export type ServiceProcess = {
  name: ServiceName;
  url: string;
  /** SIGKILL; resolves when the process is gone. */
  kill: () => Promise<void>;
  /** A new process with the same settings in place of one that was killed; resolves when it is ready. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Runs one service as a process of its own on `port` and waits until it is ready. Its output is shown when it fails to start. */
export async function runServiceProcess(
  name: ServiceName,
  port: number,
  env: Record<string, string>,
): Promise<ServiceProcess> {
  const url = `http://127.0.0.1:${port}`;
  let ending = false;
  const launch = async (): Promise<ChildProcess> => {
    let output = '';
    const child = spawn(process.execPath, [root + entries[name]], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
    child.once('exit', (code, signal) => {
      if (!ending) process.stderr.write(`${name} ended by itself (${code ?? signal}):\n${output}\n`);
    });
    try {
      await until(
        async () => {
          if (child.exitCode !== null) return true;
          return (await fetch(`${url}/readyz`)).ok;
        },
        `${name} is ready`,
        90_000, // on a busy machine as well
      );
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    } catch (cause) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start:\n${output}`, { cause });
    }
    return child;
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    ending = true;
    child.kill(signal);
    await ended;
    ending = false;
  };

  let child = await launch();
  return {
    name,
    url,
    kill: () => end(child, 'SIGKILL'),
    start: async () => {
      child = await launch();
    },
    stop: () => end(child, 'SIGTERM'),
  };
}
