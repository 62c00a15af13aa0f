import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { AppError } from '@lingquan/errors';
import type { Say } from '../terminal.ts';
import { onPath } from './needed-programs.ts';
import type { NeededProgram } from './needed-programs.ts';

/** Debian's and Ubuntu's packages, the first that the release has. */
const debianPackages: Record<NeededProgram, readonly string[]> = {
  java: ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'openjdk-25-jre-headless'],
  maven: ['maven'],
  postgres: ['postgresql'],
  redis: ['redis-server'],
};

const brewPackages: Record<NeededProgram, string> = {
  java: 'openjdk@17',
  maven: 'maven',
  postgres: 'postgresql@17',
  redis: 'redis',
};

const names: Record<NeededProgram, string> = {
  java: 'Java 17+',
  maven: 'Maven',
  postgres: 'PostgreSQL (initdb, postgres)',
  redis: 'redis-server',
};

export type Machine = { apt: boolean; brew: boolean; root: boolean };

export const thisMachine = (env: NodeJS.ProcessEnv): Machine => ({
  apt: onPath('apt-get', env) !== undefined,
  brew: onPath('brew', env) !== undefined,
  root: process.getuid?.() === 0,
});

/** What to tell somebody whose machine lacks these: the names, and the command that gets them where we know it. */
export function adviceFor(missing: readonly NeededProgram[], machine: Machine): string {
  const what = missing.map((program) => names[program]).join(', ');
  const apt = `apt-get install -y --no-install-recommends ${missing.map((program) => debianPackages[program][0]).join(' ')}`;
  const brew = `brew install ${missing.map((program) => brewPackages[program]).join(' ')}`;
  const command = machine.apt ? (machine.root ? apt : `sudo ${apt}`) : machine.brew ? brew : undefined;
  const how = command ?? `install ${what} with your system's package manager`;
  return (
    `缺少 ${what}。请安装，或启动 Docker，或用 KAFKA_BROKERS、POSTGRES_URL、REDIS_URL 指向已有的服务器。\n` +
    `Missing: ${what}. Get it with\n\n    ${how}\n\nor start a Docker engine, or name servers you have in KAFKA_BROKERS, POSTGRES_URL, REDIS_URL.`
  );
}

/**
 * Installs what is missing where we may (root on Debian or Ubuntu), after saying so. Services the packages bring are not started.
 * Throws with what to do where we may not.
 */
export function installMissing(
  missing: readonly NeededProgram[],
  { allowed, say }: { allowed: boolean; say: Say },
): void {
  const machine = thisMachine(process.env);
  if (!allowed || !machine.apt || !machine.root) throw new AppError('unavailable', adviceFor(missing, machine));
  say(
    `… 安装系统软件 installing by apt: ${missing.map((program) => names[program]).join(', ')}（--no-install 可禁止 forbids it）`,
  );
  aptGet('update');
  const packages = missing.map((program) => debianPackages[program].find(isOffered) ?? debianPackages[program][0]!);
  withoutStartingServices(() => aptGet('install', '-y', '--no-install-recommends', ...packages));
}

const isOffered = (name: string): boolean =>
  /Candidate: (?!\(none\))/.test(spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' }).stdout ?? '');

function aptGet(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' });
  if (status === 0) return;
  const lines = `${stdout}${stderr}`.trim().split('\n').slice(-8).join('\n');
  throw new AppError('unavailable', `apt-get ${args.join(' ')} 失败 failed:\n${lines}`);
}

/** Debian asks /usr/sbin/policy-rc.d whether a package may start its service; 101 means no. One that is there is left alone. */
function withoutStartingServices(work: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return work();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    rmSync(policy, { force: true });
  }
}
