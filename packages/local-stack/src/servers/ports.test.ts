import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { choosePort, isFree } from './ports.ts';

const allFree = async () => true;

test('the remembered port is taken again when it is free', async () => {
  expect(await choosePort({ remembered: 20_123, seed: '00', taken: new Set() }, allFree)).toBe(20_123);
});

test('a remembered port that is in use gives way to another', async () => {
  const free = async (port: number) => port !== 20_123;
  expect(await choosePort({ remembered: 20_123, seed: '00', taken: new Set() }, free)).toBe(20_000);
});

test('ports chosen before are left out, and systems with other ids start elsewhere', async () => {
  const taken = new Set<number>();
  const chosen = [1, 2, 3].map(() => choosePort({ seed: '00', taken }, allFree));
  expect(await chosen[0]).toBe(20_000);
  const next = await choosePort({ seed: '00', taken: new Set([20_000, 20_001]) }, allFree);
  expect(next).toBe(20_002);
  expect(await choosePort({ seed: '2710', taken: new Set() }, allFree)).toBe(20_000); // 0x2710 is 10 000: once around
  expect(await choosePort({ seed: '270f', taken: new Set() }, allFree)).toBe(29_999);
});

test('without a free port it says so', async () => {
  await expect(choosePort({ seed: '00', taken: new Set() }, async () => false)).rejects.toThrow('no free port');
});

test.each(['127.0.0.1', '0.0.0.0'])(
  'a port somebody listens on at %s is not free, and is once they stop',
  async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await isFree(port)).toBe(false);
    server.close();
    await once(server, 'close');
    expect(await isFree(port)).toBe(true);
  },
);
