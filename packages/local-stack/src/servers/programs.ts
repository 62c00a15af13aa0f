import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../layout.ts';
import type { Kept } from '../processes/keep-alive.ts';
import type { Say } from '../terminal.ts';
import { stopwatch } from '../terminal.ts';
import { installMissing } from './install.ts';
import { fetchKafkaJars, hasKafkaJars, kafkaJarsFolder } from './kafka-jars.ts';
import { kafkaProgram } from './kafka-program.ts';
import type { ServerName } from './names.ts';
import { findJava, missingPrograms, onPath } from './needed-programs.ts';
import { choosePort } from './ports.ts';
import { installedPostgres } from './postgres-binaries.ts';
import { postgresProgram } from './postgres-program.ts';
import { postgresFolder, postgresUser } from './postgres-user.ts';
import { redisProgram } from './redis-program.ts';
import type { ServerProgram } from './redis-program.ts';

/** What must stay the same for a server to find its data again. */
export type ProgramChoice = { port: number; controllerPort?: number; dataDir: string };

export type PlannedProgram = { kept: Kept; choice: ProgramChoice };

export type Plan = {
  layout: Layout;
  durable: boolean;
  remembered?: Partial<Record<ServerName, ProgramChoice>>;
  /** Ports that others of this system will use; those chosen here are added. */
  taken: Set<number>;
};

/** Sees to it that everything is there to run `servers` as programs: installs what is missing (if `install`), fetches Kafka's jars. */
export async function preparePrograms(
  servers: readonly ServerName[],
  { install, say }: { install: boolean; say: Say },
): Promise<void> {
  const missing = missingPrograms(servers, process.env);
  if (missing.length > 0) installMissing(missing, { allowed: install, say });
  const jars = kafkaJarsFolder(process.env);
  if (!servers.includes('kafka') || hasKafkaJars(jars)) return;
  const elapsed = stopwatch();
  say('… 下载 Kafka（54 MB）fetching Kafka by Maven');
  await fetchKafkaJars(onPath('mvn', process.env)!, jars);
  say(`✓ Kafka 已下载 fetched ${elapsed()}`);
}

/** Plans one server as a program: its port, its folder, and how it is started. Everything it needs must be there already. */
export async function planProgram(name: ServerName, plan: Plan): Promise<PlannedProgram> {
  const remembered = plan.remembered?.[name];
  const port = await choosePort({ remembered: remembered?.port, seed: plan.layout.id, taken: plan.taken });
  const common = { port, logFile: join(plan.layout.log, `${name}.log`), durable: plan.durable };
  if (name === 'kafka') return planKafka(common, plan);
  if (name === 'postgres') return planPostgres(common, plan);
  const dataDir = ownFolder(plan.layout, name);
  return {
    kept: redisProgram(onPath('redis-server', process.env)!, { ...common, dataDir }),
    choice: { port, dataDir },
  };
}

type Common = Omit<ServerProgram, 'dataDir'>;

async function planKafka(common: Common, { layout, remembered, taken }: Plan): Promise<PlannedProgram> {
  const controllerPort = await choosePort({ remembered: remembered?.kafka?.controllerPort, seed: layout.id, taken });
  const dataDir = ownFolder(layout, 'kafka');
  const jars = kafkaJarsFolder(process.env);
  const kept = kafkaProgram({ ...common, controllerPort, dataDir, jars, java: findJava(process.env)! });
  return { kept, choice: { port: common.port, controllerPort, dataDir } };
}

function planPostgres(common: Common, { layout, remembered }: Plan): PlannedProgram {
  const user = postgresUser();
  const dataDir = postgresFolder(layout.data, layout.id, user, remembered?.postgres?.dataDir);
  const installed = installedPostgres(process.env);
  return { kept: postgresProgram({ ...common, dataDir, installed, user }), choice: { port: common.port, dataDir } };
}

function ownFolder(layout: Layout, name: ServerName): string {
  const folder = join(layout.data, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
