import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { rotate, tail } from './log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a log that is too long is moved aside while its process keeps writing to the open file', () => {
  const file = join(folder, 'long.log');
  const open = openSync(file, 'a');
  writeSync(open, 'before\n');
  expect(rotate(file, 3)).toBe(true);
  writeSync(open, 'after\n');
  closeSync(open);
  expect(readFileSync(file, 'utf8')).toBe('after\n');
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('before\n');
});

test('a short log and one that is not there are left alone', () => {
  const file = join(folder, 'short.log');
  appendFileSync(file, 'abc');
  expect(rotate(file, 3)).toBe(false);
  expect(rotate(join(folder, 'none.log'), 3)).toBe(false);
});

test('the tail is the last lines, also of a log longer than what is read of it', () => {
  const file = join(folder, 'tail.log');
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  expect(tail(file, 3)).toBe('line 4997\nline 4998\nline 4999');
  expect(tail(join(folder, 'none.log'))).toBe('');
});

test('structured lines are shown as what they say', () => {
  const file = join(folder, 'structured.log');
  const line = { level: 60, msg: 'cannot go on', err: { message: 'no broker', stack: 'at …' } };
  writeFileSync(file, `plain\n${JSON.stringify(line)}\n{"level":30,"msg":"ready"}\n`);
  expect(tail(file)).toBe('plain\ncannot go on: no broker\nready');
});
