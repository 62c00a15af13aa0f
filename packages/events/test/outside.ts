import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packEvents } from '../scripts/pack.ts';

const packageDir = join(import.meta.dirname, '..');
const rootDir = join(packageDir, '../..');

/** The Node others have: Node 20 where the machine has it, else the one that runs the tests. */
export const outsideNode = hostNode('/usr/bin/node') ?? process.execPath;
export const tsc = join(rootDir, 'node_modules/.bin/tsc');

function hostNode(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const [major = 0, minor = 0] = run(path, ['-p', 'process.versions.node'], '/').split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 12) ? path : undefined;
}

export function run(command: string, args: string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

/**
 * Empty projects somewhere else, with the tarball installed by npm as any team would. What it depends on comes from what is installed
 * here, so that no registry is needed; kafkajs as it is published, the workspace's patch taken out.
 */
export function outside() {
  const dir = mkdtempSync(join(tmpdir(), 'lingquan-outside-'));
  const tarballs = join(dir, 'tarballs');
  mkdirSync(tarballs);
  const own = packEvents(tarballs);

  const copied = (name: string, from: string): string => {
    cpSync(realpathSync(from), join(dir, name), { recursive: true }); // npm does not take what pnpm links
    return join(dir, name);
  };
  const kafkajs = copied('kafkajs', join(packageDir, 'node_modules/kafkajs'));
  run('git', ['apply', '-R', join(rootDir, 'patches/kafkajs@2.2.4.patch')], kafkajs);
  const needed = [own, kafkajs, copied('protobuf', join(packageDir, 'node_modules/@bufbuild/protobuf'))];
  const types = [
    copied('node-types', join(rootDir, 'node_modules/@types/node')),
    copied('undici-types', join(rootDir, 'node_modules/.pnpm/node_modules/undici-types')),
  ];

  return {
    /** A project with the tarball and nothing else; for TypeScript with Node's types too. */
    project: (name: string, { typed = false } = {}): string => {
      const project = join(dir, name);
      mkdirSync(project);
      writeFileSync(join(project, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
      const offline = ['--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund'];
      run('npm', ['install', ...offline, ...needed, ...(typed ? types : [])], project);
      return project;
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}
