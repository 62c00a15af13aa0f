// Makes the tarball other teams install: compiled JavaScript and types of what src/public.ts and src/messages.ts offer, with no
// trace of the workspace. `npm run pack:events` from the root; the tarball goes to packages/events/dist/.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const packageDir = join(import.meta.dirname, '..');
const rootDir = join(packageDir, '../..');

type PackageFile = { name: string; version: string; description?: string; dependencies: Record<string, string> };

const readPackage = (dir: string): PackageFile =>
  JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as PackageFile;

/** Builds the tarball into `outDir`; returns its path. Throws with the compiler's or npm's words when that fails. */
export function packEvents(outDir: string): string {
  const stage = mkdtempSync(join(tmpdir(), 'lingquan-events-'));
  try {
    stageSources(stage);
    compile(stage);
    rmSync(join(stage, 'src'), { recursive: true });
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(publishedPackage(), null, 2)}\n`);
    for (const file of ['README.md', 'LICENSE']) cpSync(join(packageDir, file), join(stage, file));
    cpSync(join(packageDir, 'examples'), join(stage, 'examples'), { recursive: true });
    // In the workspace the kit is one module among others, so that services do not load it; outside it is the package.
    rewriteEach(join(stage, 'examples'), 's', (_file, text) =>
      text.replaceAll('@lingquan/events/public.ts', '@lingquan/events'),
    );
    cpSync(join(rootDir, 'proto/lingquan'), join(stage, 'proto/lingquan'), { recursive: true });
    mkdirSync(outDir, { recursive: true });
    const name = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', outDir], stage).trim();
    return join(outDir, name.split('\n').at(-1)!);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The sources, with @lingquan/errors, the one thing they need of the workspace, among them. */
function stageSources(stage: string): void {
  const src = join(stage, 'src');
  cpSync(join(packageDir, 'src'), src, { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
  const errors = join(src, 'errors.ts');
  cpSync(join(rootDir, 'packages/errors/src/index.ts'), errors);
  rewriteEach(src, '.ts', (file, text) => {
    const path = relative(dirname(file), errors);
    return text.replaceAll(`'@lingquan/errors'`, `'${path.startsWith('.') ? path : `./${path}`}'`);
  });
}

/** To what Node 20 runs. Only what the two entries reach is compiled. */
function compile(stage: string): void {
  const options = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(rootDir, 'node_modules/@types')],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    rootDir: 'src',
    outDir: 'dist',
    skipLibCheck: true,
  };
  writeFileSync(
    join(stage, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['src/public.ts', 'src/messages.ts'] }),
  );
  writeFileSync(join(stage, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const name of Object.keys(publishedPackage().dependencies))
    cpSync(join(packageDir, 'node_modules', name), join(stage, 'node_modules', name), {
      recursive: true,
      dereference: true,
    });
  run(join(rootDir, 'node_modules/.bin/tsc'), ['-p', '.'], stage);
  rmSync(join(stage, 'node_modules'), { recursive: true });
  rmSync(join(stage, 'tsconfig.json'));
  // The compiler rewrites imports in JavaScript only; older ones do not resolve `.ts` in a declaration.
  rewriteEach(join(stage, 'dist'), '.d.ts', (_file, text) =>
    text.replaceAll(/(from |import\()(['"]\.[^'"]+)\.ts(['"])/g, '$1$2.js$3'),
  );
}

/** Rewrites every file below `dir` whose name ends so. */
function rewriteEach(dir: string, end: string, change: (file: string, text: string) => string): void {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(end)) continue;
    const file = join(entry.parentPath, entry.name);
    writeFileSync(file, change(file, readFileSync(file, 'utf8')));
  }
}

/** The package.json of the tarball: nothing of the workspace's, and for each dependency the version it was tested with or a later one. */
function publishedPackage() {
  const { name, version, description, dependencies } = readPackage(packageDir);
  const outside = Object.keys(dependencies).filter((dependency) => !dependency.startsWith('@lingquan/'));
  const versionOf = (dependency: string) => `^${readPackage(join(packageDir, 'node_modules', dependency)).version}`;
  const entry = (file: string) => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` });
  return {
    name,
    version,
    description,
    type: 'module',
    license: 'SEE LICENSE IN LICENSE',
    engines: { node: '>=20.12' },
    sideEffects: false,
    files: ['dist', 'examples', 'proto'],
    exports: { '.': entry('public'), './messages': entry('messages'), './package.json': './package.json' },
    dependencies: Object.fromEntries(outside.map((dependency) => [dependency, versionOf(dependency)])),
  };
}

function run(command: string, args: string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

if (import.meta.main) {
  const dist = join(packageDir, 'dist');
  if (existsSync(dist)) rmSync(dist, { recursive: true });
  const tarball = packEvents(dist);
  console.log(`✓ ${relative(process.cwd(), tarball)}\n  安装 install: npm install ${tarball}`);
}
