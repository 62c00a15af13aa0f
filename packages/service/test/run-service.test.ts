import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const fixture = fileURLToPath(new URL('fixture.ts', import.meta.url));

/** Runs the fixture to its end; sends `signal` once a line of its log contains `at`. */
function run(
  behaviour: string,
  {
    signal,
    at = '"ready"',
    env = {},
  }: { signal?: 'SIGTERM' | 'SIGINT'; at?: string; env?: Record<string, string> } = {},
) {
  return new Promise<{ code: number | null; log: string; plain: string }>((resolve) => {
    const child = spawn(process.execPath, [fixture, behaviour], { env: { ...process.env, ...env } });
    let log = '';
    let plain = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const before = log.includes(at);
      log += chunk.toString();
      if (signal !== undefined && !before && log.includes(at)) child.kill(signal);
    });
    child.stderr.on('data', (chunk: Buffer) => (plain += chunk.toString()));
    child.on('close', (code) => resolve({ code, log, plain }));
  });
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops the service in order and ends with 0', async (signal) => {
  const { code, log } = await run('runs', { signal });
  expect(log).toContain('everything is stopped');
  expect(code).toBe(0);
});

test('a signal during the start ends it with 0', async () => {
  expect((await run('starting', { signal: 'SIGTERM', at: '"starting"' })).code).toBe(0);
});

test('wrong settings are said plainly, without a stack, and end with 2', async () => {
  expect(await run('misconfigured')).toEqual({ code: 2, log: '', plain: 'fixture: PORT: must be a number\n' });
});

test.each([
  ['unavailable', 'postgres does not answer'],
  ['fatal', 'the group is gone'],
  ['rejects', 'nobody listens'],
])('what it cannot go on from (%s) is logged and ends with 1', async (behaviour, message) => {
  const { code, log } = await run(behaviour);
  expect(log).toContain(message);
  expect(code).toBe(1);
});

test.each([
  ['hangs', 'not stopped within 50 ms'],
  ['stop-fails', 'the pool would not close'],
])('a stop that does not come to its end (%s) ends with 1', async (behaviour, message) => {
  const { code, log } = await run(behaviour, { signal: 'SIGTERM' });
  expect(log).toContain(message);
  expect(code).toBe(1);
});

test('a wrong LOG_LEVEL does not keep the service from reporting all its settings', async () => {
  expect((await run('misconfigured', { env: { LOG_LEVEL: 'loud' } })).code).toBe(2);
});
