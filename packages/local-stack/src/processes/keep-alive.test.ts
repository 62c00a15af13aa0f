import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { waitUntil } from '../waiting.ts';
import { bringUp, keepAlive } from './keep-alive.ts';
import type { Kept } from './keep-alive.ts';
import { launch } from './launch.ts';
import { pidFiles } from './pid-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'keep-alive-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pids = pidFiles(join(folder, 'run'));

/** A process of ours that is ready once it has written its id into a file. */
function kept(name: string, script: string): Kept {
  const logFile = join(folder, `${name}.log`);
  const readyFile = join(folder, `${name}.ready`);
  return {
    name,
    logFile,
    prepare: async () => rmSync(readyFile, { force: true }),
    start: () =>
      launch({ command: process.execPath, args: ['-e', script, readyFile], cwd: folder, env: process.env, logFile }),
    ready: async () => {
      if (!existsSync(readyFile)) throw new Error('not ready');
    },
    readyWithinMs: 20_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
  };
}

const wellBehaved = 'require("fs").writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)';
const pidIn = (name: string) => Number(readFileSync(join(folder, 'run', `${name}.pid`), 'utf8'));

test('a killed process is started again, said so, and stopped at the end', async () => {
  const said: string[] = [];
  const keeper = await keepAlive(
    kept('worker', wellBehaved),
    pids,
    (line) => said.push(line),
    AbortSignal.timeout(60_000),
  );
  const first = pidIn('worker');
  process.kill(first, 'SIGKILL');
  await waitUntil(async () => expect(said.map((line) => line[0])).toEqual(['!', '✓']), { withinMs: 20_000 });
  expect(said[0]).toContain('SIGKILL');
  const second = pidIn('worker');
  expect(second).not.toBe(first);
  await keeper.stop();
  expect(() => process.kill(second, 0)).toThrow('ESRCH');
  expect(pids.names()).not.toContain('worker');
});

test('one that ends while starting fails with the end of its log', async () => {
  const failing = kept('failing', 'console.error("no such setting"); process.exit(7)');
  await expect(bringUp(failing, pids)).rejects.toThrow(/failing ended with exit code 7[^]*no such setting/);
  expect(pids.names()).not.toContain('failing');
});

test('a start that is called off leaves no process', async () => {
  const stopping = new AbortController();
  const slow = kept('slow', 'console.log("up"); setInterval(() => {}, 1000)');
  const starting = bringUp(slow, pids, stopping.signal);
  await waitUntil(async () => expect(readFileSync(slow.logFile, 'utf8')).toContain('up'), { withinMs: 20_000 });
  const pid = pidIn('slow');
  stopping.abort();
  await expect(starting).rejects.toThrow('aborted');
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('one that does not heed the signal to stop is ended all the same', async () => {
  const deaf = `process.on("SIGTERM", () => {}); ${wellBehaved}`;
  const keeper = await keepAlive(
    { ...kept('deaf', deaf), stopWithinMs: 200 },
    pids,
    () => {},
    AbortSignal.timeout(60_000),
  );
  const pid = pidIn('deaf');
  await keeper.stop();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a program that is not there is said to be missing', async () => {
  const missing = kept('missing', '');
  const start = () => launch({ command: '/no/such/program', args: [], cwd: folder, env: {}, logFile: missing.logFile });
  writeFileSync(missing.logFile, '');
  await expect(bringUp({ ...missing, start }, pids)).rejects.toThrow('ENOENT');
});

test('a first start is tried again as often as allowed, and not at all when the settings were refused', async () => {
  const said: string[] = [];
  const attempt = (name: string, code: number) =>
    keepAlive(
      { ...kept(name, `process.exit(${code})`), attempts: 2 },
      pids,
      (line) => said.push(line),
      AbortSignal.timeout(60_000),
    );
  await expect(attempt('unlucky', 1)).rejects.toThrow('exit code 1');
  expect(said).toHaveLength(1);
  await expect(attempt('refusing', 2)).rejects.toThrow('exit code 2');
  expect(said).toHaveLength(1);
});
