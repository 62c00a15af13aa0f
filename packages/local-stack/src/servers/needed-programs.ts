import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasKafkaJars, kafkaJarsFolder } from './kafka-jars.ts';
import type { ServerName } from './names.ts';
import { installedPostgres } from './postgres-binaries.ts';

/** What running the servers as programs asks for. Maven only as long as Kafka's jars are not in the cache. */
export type NeededProgram = 'java' | 'maven' | 'postgres' | 'redis';

/** Kafka 4's broker runs on Java 17 and newer. */
const javaMajorMin = 17;

/** The path of an executable file on the PATH, or undefined. */
export function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const places = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return places.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The Java to use: JAVA_HOME's, else the one on the PATH; undefined when there is none of a sufficient version. */
export function findJava(env: NodeJS.ProcessEnv): string | undefined {
  const home = env['JAVA_HOME'] && join(env['JAVA_HOME'], 'bin', 'java');
  return [home || undefined, onPath('java', env)].find(
    (java) => java !== undefined && existsSync(java) && isNewEnough(java),
  );
}

/** `java -version` writes `openjdk version "17.0.15" …` to standard error. */
function isNewEnough(java: string): boolean {
  const { stderr } = spawnSync(java, ['-XX:-UsePerfData', '-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0) >= javaMajorMin;
}

/** Which programs are missing to run these servers. */
export function missingPrograms(servers: readonly ServerName[], env: NodeJS.ProcessEnv): NeededProgram[] {
  const missing: NeededProgram[] = [];
  if (servers.includes('kafka')) {
    if (findJava(env) === undefined) missing.push('java');
    if (!hasKafkaJars(kafkaJarsFolder(env)) && onPath('mvn', env) === undefined) missing.push('maven');
  }
  if (servers.includes('postgres') && installedPostgres(env).length === 0) missing.push('postgres');
  if (servers.includes('redis') && onPath('redis-server', env) === undefined) missing.push('redis');
  return missing;
}
