import { AppError, messageOf } from '@lingquan/errors';
import { keepChoices, readChoices } from './choices.ts';
import type { Choice, Choices } from './choices.ts';
import type { Kept } from './processes/keep-alive.ts';
import { findContainers, startContainers } from './servers/containers.ts';
import { addressVariable, dockerAddress, localAddress } from './servers/names.ts';
import type { ServerName } from './servers/names.ts';
import { planProgram, preparePrograms } from './servers/programs.ts';
import type { ProgramChoice } from './servers/programs.ts';
import { chooseSources, serversFrom } from './servers/sources.ts';
import type { Source } from './servers/sources.ts';
import type { Starting } from './starting.ts';

/** One server as it will be brought up: where it will answer, and how it is kept running if that is our business. */
export type PlannedServer = { source: Source; address: string; kept?: Kept; choice?: Choice };

export type PlannedServers = {
  servers: Record<ServerName, PlannedServer>;
  /** Removes what was made for the servers beside their processes; call it once they are stopped. */
  remove: () => Promise<void>;
};

/**
 * Decides for each server where it comes from and prepares it: containers are made, programs installed if need be, ports chosen.
 * The choices are kept, so that the next start finds the data again.
 */
export async function planServers(starting: Starting): Promise<PlannedServers> {
  const { layout, env } = starting;
  const choices = readChoices(layout);
  const taken = new Set<number>();
  const { sources, containers } = await planContainers(starting, choices, taken);
  const servers = new Map<ServerName, PlannedServer>();
  for (const name of serversFrom('environment', sources))
    servers.set(name, { source: 'environment', address: env[addressVariable[name]]! });
  for (const [name, { kept, port }] of containers?.kept ?? []) {
    const address = dockerAddress(name, port, env);
    servers.set(name, { source: 'docker', address, kept, choice: { by: 'docker', port } });
  }
  for (const [name, planned] of await planPrograms(serversFrom('program', sources), starting, choices, taken))
    servers.set(name, planned);
  const planned = Object.fromEntries(servers) as Record<ServerName, PlannedServer>;
  keepChoices(layout, choicesOf(planned));
  return { servers: planned, remove: containers?.remove ?? (() => Promise.resolve()) };
}

/** Containers for the servers that Docker is to run. Where they cannot be started and hold no data yet, programs take their place. */
async function planContainers(starting: Starting, choices: Choices, taken: Set<number>) {
  const { layout, env, say, signal } = starting;
  const remembered = waysOf(choices);
  const fallback = chooseSources(env, { docker: false, remembered });
  if (!Object.values(fallback).some((source) => source !== 'environment')) return { sources: fallback };
  const using = await findContainers(env, layout);
  const sources = chooseSources(env, { docker: using !== undefined, remembered });
  const names = serversFrom('docker', sources);
  if (names.length === 0) return { sources };
  if (using === undefined) throw new AppError('unavailable', dataIsInDocker(names, layout.choicesFile));
  try {
    const plan = { layout, say, signal, remembered: portsOf(choices), taken };
    return { sources, containers: await startContainers(names, using, plan) };
  } catch (error) {
    if (signal.aborted || serversFrom('docker', fallback).length > 0) throw error;
    say(`! ${messageOf(error)}\n  改用本机程序 using programs on this machine instead`);
    return { sources: fallback };
  }
}

const dataIsInDocker = (names: readonly ServerName[], choicesFile: string): string =>
  `上次 ${names.join('、')} 由 Docker 运行，数据在那里，但现在没有 Docker 回应。\n` +
  `Last time ${names.join(', ')} ran in Docker and the data is there, but no Docker engine with Compose answers now.\n` +
  `启动 Docker，或删除 ${choicesFile} 从头开始。Start Docker, or remove that file to begin anew.`;

async function planPrograms(names: readonly ServerName[], starting: Starting, choices: Choices, taken: Set<number>) {
  const { layout, say, options } = starting;
  await preparePrograms(names, { install: options.install, say });
  const remembered = programsOf(choices);
  const planned = new Map<ServerName, PlannedServer>();
  for (const name of names) {
    const { kept, choice } = await planProgram(name, { layout, durable: true, remembered, taken });
    planned.set(name, {
      source: 'program',
      address: localAddress(name, choice.port),
      kept,
      choice: { by: 'program', ...choice },
    });
  }
  return planned;
}

const choicesOf = (servers: Record<ServerName, PlannedServer>): Choices =>
  Object.fromEntries(
    Object.entries(servers).flatMap(([name, { choice }]) => (choice === undefined ? [] : [[name, choice]])),
  );

const waysOf = (choices: Choices): Partial<Record<ServerName, 'docker' | 'program'>> =>
  Object.fromEntries(Object.entries(choices).map(([name, { by }]) => [name, by]));

const portsOf = (choices: Choices): Partial<Record<ServerName, number>> =>
  Object.fromEntries(Object.entries(choices).map(([name, { port }]) => [name, port]));

const programsOf = (choices: Choices): Partial<Record<ServerName, ProgramChoice>> =>
  Object.fromEntries(Object.entries(choices).filter(([, { by }]) => by === 'program'));
