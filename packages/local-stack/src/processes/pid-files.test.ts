import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { pidFiles } from './pid-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'pid-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pids = pidFiles(folder);

test('a process is alive until it ends', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  pids.write('one', child.pid!);
  expect(pids.alive('one')).toBe(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(pids.alive('one')).toBeUndefined();
});

test('a process that got the id of an older one is not taken for it', () => {
  pids.write('two', process.pid);
  const beforeWeStarted = new Date(Date.now() - process.uptime() * 1000 - 60_000);
  utimesSync(join(folder, 'two.pid'), beforeWeStarted, beforeWeStarted);
  expect(pids.alive('two')).toBeUndefined();
});

test('names are those of the files, and a removed one is gone', () => {
  pids.write('three', process.pid);
  expect(pids.names()).toContain('three');
  pids.remove('three');
  expect(pids.names()).not.toContain('three');
  expect(pids.alive('three')).toBeUndefined();
});
