import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { path } from './paths.mjs';

/**
 * Installs the workspace's dependencies as the lockfile names them, unless that was done already: the lockfile's hash is kept
 * in node_modules. Progress goes to standard error, so that a command's own output stays clean.
 * Throws with what to do when they cannot be had.
 */
export async function ensureDependencies({ acceptOutdated = false } = {}) {
  const stamp = path('node_modules/.lingquan-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(path('pnpm-lock.yaml')))
    .digest('hex');
  const present = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
  if (present === wanted || (acceptOutdated && present !== undefined)) return;
  const startedAt = Date.now();
  console.error('… 安装依赖 installing dependencies');
  const { code, output } = await install();
  if (code !== 0) throw new Error(explain(output));
  writeFileSync(stamp, wanted);
  console.error(`✓ 依赖 dependencies (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

/** By themselves npm and pnpm try for more than a minute before they say that the registry cannot be reached. */
const hurry = {
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '5000',
  pnpm_config_fetch_retry_mintimeout: '1000',
  pnpm_config_fetch_retry_maxtimeout: '5000',
};

/** pnpm comes through npx in the version package.json pins: nothing has to be installed on the machine for it. */
function install() {
  const { packageManager } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
  const args = ['--loglevel=error', '--prefer-offline', '-y', packageManager, 'install', '--frozen-lockfile'];
  const child = spawn('npx', args, {
    cwd: path('.'),
    env: { ...hurry, ...process.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
      process.stderr.write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Error('npx is not on the PATH: install Node 20 or newer together with npm', { cause })),
    );
    child.once('close', (code) => resolve({ code, output }));
  });
}

const networkTrouble =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|UNREACHABLE|fetch failed|dns error|tcp connect|timed out|error sending request/i;

function explain(output) {
  if (networkTrouble.test(output)) {
    return (
      '连不上 npm 仓库，依赖没有装好。请检查网络或代理，或用 npm config set registry … 换一个镜像。\n' +
      'The npm registry cannot be reached, so the dependencies are not installed. Check network and proxy, or choose a mirror with\n' +
      '`npm config set registry …`, then run the command again.'
    );
  }
  return '依赖没有装好，原因见上。Installing the dependencies failed; the lines above say why.';
}
