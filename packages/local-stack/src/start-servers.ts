import { keepChoices, readChoices } from './choices.ts';
import type { Choices } from './choices.ts';
import { keepAlive } from './processes/keep-alive.ts';
import type { Keeper } from './processes/keep-alive.ts';
import { givenAddress } from './servers/given.ts';
import { addressVariable, localAddress, serverNames } from './servers/names.ts';
import type { ServerName } from './servers/names.ts';
import { planProgram, preparePrograms } from './servers/programs.ts';
import type { Plan, PlannedProgram, ProgramChoice } from './servers/programs.ts';
import { chooseSources, serversFrom } from './servers/sources.ts';
import type { Source } from './servers/sources.ts';
import { stopwatch } from './terminal.ts';
import type { Starting } from './starting.ts';

/** Kafka, Postgres and Redis of one system: where they will answer, and a promise each for when they do. */
export type StartedServers = {
  addresses: Record<ServerName, string>;
  sources: Record<ServerName, Source>;
  ready: Record<ServerName, Promise<void>>;
};

/**
 * Begins to start the servers, each on its own, and returns as soon as their addresses are known; `ready` tells of each.
 * Those that run under our care are added to `keepers` as they become ready.
 */
export async function startServers(starting: Starting, keepers: Keeper[]): Promise<StartedServers> {
  const { layout, env, say, options } = starting;
  const choices = readChoices(layout);
  const sources = chooseSources(env, { docker: false, remembered: waysOf(choices) });
  const programs = serversFrom('program', sources);
  await preparePrograms(programs, { install: options.install, say });
  const plan: Plan = {
    layout,
    durable: true,
    install: options.install,
    say,
    remembered: programsOf(choices),
    taken: new Set(),
  };
  const planned: Partial<Record<ServerName, PlannedProgram>> = {};
  for (const name of programs) planned[name] = await planProgram(name, plan);
  keepChoices(layout, Object.fromEntries(programs.map((name) => [name, { by: 'program', ...planned[name]!.choice }])));

  const addressOf = (name: ServerName) =>
    planned[name] === undefined ? env[addressVariable[name]]! : localAddress(name, planned[name].choice.port);
  const start = async (name: ServerName) => {
    const elapsed = stopwatch();
    const program = planned[name];
    if (program === undefined) await givenAddress(name, env);
    else keepers.push(await keepAlive(program.kept, starting.pids, say, starting.signal));
    // A given address may hold a password; those made here do not.
    const address = program === undefined ? '' : addressOf(name);
    say(`✓ ${name} ${address}${shown[sources[name]]} ${elapsed()}`);
  };
  return { addresses: perServer(addressOf), sources, ready: perServer(start) };
}

const shown: Record<Source, string> = {
  environment: '（环境变量所指 named by the environment）',
  docker: '（Docker）',
  program: '（本机程序 a program on this machine）',
};

const perServer = <T>(make: (name: ServerName) => T): Record<ServerName, T> => {
  const [kafka, postgres, redis] = serverNames.map(make) as [T, T, T];
  return { kafka, postgres, redis };
};

const waysOf = (choices: Choices): Partial<Record<ServerName, 'docker' | 'program'>> =>
  Object.fromEntries(Object.entries(choices).map(([name, { by }]) => [name, by]));

const programsOf = (choices: Choices): Partial<Record<ServerName, ProgramChoice>> =>
  Object.fromEntries(Object.entries(choices).filter(([, { by }]) => by === 'program'));
