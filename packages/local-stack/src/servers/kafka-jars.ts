import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { AppError } from '@lingquan/errors';

const run = promisify(execFile);
const pom = fileURLToPath(new URL('../../kafka/pom.xml', import.meta.url));

/** Where the jars of the Kafka that pom.xml names lie, or will lie: the user's cache, shared by all systems and test runs. */
export function kafkaJarsFolder(env: NodeJS.ProcessEnv): string {
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return join(cache, 'lingquan', `kafka-${version}`);
}

/** Whether the jars are there already, so that neither Maven nor a network is needed. */
export const hasKafkaJars = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length > 0;

/** Fetches the jars by Maven (54 MB, checksums enforced). They appear in `folder` all at once or not at all. */
export async function fetchKafkaJars(mvn: string, folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(fresh, 'jars')}`];
  try {
    await run(mvn, ['-q', '-B', '-C', '-Dstyle.color=never', '-f', pom, ...goal], { maxBuffer: 16 * 1024 * 1024 });
    if (!hasKafkaJars(folder)) renameSync(join(fresh, 'jars'), folder);
  } catch (cause) {
    if (hasKafkaJars(folder)) return; // another start brought them in the meantime
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const lines = `${stdout}${stderr}`.trim().split('\n').slice(0, 6).join('\n');
    throw new AppError(
      'unavailable',
      `Maven 取不到 Kafka 的 jar（需要能访问 Maven 仓库或镜像）Maven could not fetch Kafka's jars:\n${lines}`,
    );
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
