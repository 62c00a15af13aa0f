// What `npm start`, `npm run stop`, `npm test`, `npm run lingquan -- …`, `npm run bench -- …` and `npm run pack:events` call.
// Plain JavaScript for the host's Node (20 or newer) with nothing installed: it brings the dependencies, then hands over to the
// project's own Node 24, which runs the TypeScript as it stands. package.json calls it with `exec`, so that a signal sent to npm
// reaches it; a shell in between would keep it to itself.
import { existsSync } from 'node:fs';
import { path } from './paths.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { runToEnd } from './child.mjs';

const entries = {
  start: 'packages/local-stack/src/bin/start.ts',
  stop: 'packages/local-stack/src/bin/stop.ts',
  test: 'packages/local-stack/src/bin/test.ts',
  lingquan: 'packages/cli/src/bin.ts',
  bench: 'bench/src/bin.ts',
  'pack:events': 'packages/events/scripts/pack.ts',
};

/** The Node that runs the TypeScript: the one the dependencies bring, else the host's if it is new enough to strip types. */
function projectNode() {
  const own = path('node_modules/.bin/node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    `这个平台没有随项目安装的 Node，请先安装 Node 24 或更新版本（当前 ${process.version}）。\n` +
      `The project brings no Node for ${process.platform}-${process.arch}: install Node 24 or newer (this is ${process.version}).`,
  );
}

async function main([command, ...args]) {
  // Stopping must work without a network, also after the lockfile changed.
  await ensureDependencies({ acceptOutdated: command === 'stop' });
  if (command === 'install') return 0;
  const entry = entries[command];
  if (entry === undefined) throw new Error(`usage: node scripts/run.mjs install|${Object.keys(entries).join('|')} …`);
  // Settings in .env count unless the environment has them; tests are to run the same wherever they run.
  const settings = command !== 'test' && existsSync(path('.env')) ? [`--env-file=${path('.env')}`] : [];
  return runToEnd(projectNode(), [...settings, path(entry), ...args]);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`✗ ${error.message}`);
  process.exitCode = 1;
}
