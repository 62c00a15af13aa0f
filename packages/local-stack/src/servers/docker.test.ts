import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkout } from '../layout.ts';
import { portsOf } from '../service-environment.ts';
import { services, simulator } from '../service-table.ts';
import { dockerHosts, findDockerEngine } from './docker-engine.ts';
import { images } from './images.ts';
import { dockerAddress } from './names.ts';
import { portVariables } from './compose.ts';

const composeFile = readFileSync(join(checkout, 'docker-compose.yml'), 'utf8');

test('an engine that is named is the only one asked', () => {
  expect(dockerHosts({ DOCKER_HOST: 'tcp://10.0.0.1:2375' })).toEqual(['tcp://10.0.0.1:2375']);
});

test('an engine counts only when it really answers', async () => {
  let status = 200;
  const engine = createServer((asked, answer) => {
    answer.statusCode = asked.url === '/_ping' ? status : 404;
    answer.end();
  }).listen(0, '127.0.0.1');
  await once(engine, 'listening');
  const host = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  expect(await findDockerEngine({ DOCKER_HOST: host })).toBe(host);
  status = 500;
  expect(await findDockerEngine({ DOCKER_HOST: host })).toBeUndefined();
  engine.close();
  await once(engine, 'close');
  expect(await findDockerEngine({ DOCKER_HOST: host })).toBeUndefined();
  expect(await findDockerEngine({ DOCKER_HOST: 'unix:///no/such/socket' })).toBeUndefined();
});

test('the compose file runs the same images, takes the ports we choose, and has every service', () => {
  for (const image of Object.values(images)) expect(composeFile).toContain(`image: ${image}\n`);
  for (const variable of Object.values(portVariables)) expect(composeFile).toContain(`127.0.0.1:\${${variable}:-`);
  for (const service of [...services, simulator]) {
    expect(composeFile).toContain(`SERVICE: ${service.name}\n`);
    for (const [variable, port] of portsOf(service, {}))
      expect(composeFile).toContain(`127.0.0.1:\${${variable}:-${port}}:${port}\n`);
  }
});

test('Postgres in a container has the password the compose file gives it', () => {
  expect(composeFile).toContain('POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-lingquan}\n');
  expect(dockerAddress('postgres', 1, {})).toBe('postgres://postgres:lingquan@127.0.0.1:1');
  expect(dockerAddress('postgres', 1, { POSTGRES_PASSWORD: 'a/b' })).toBe('postgres://postgres:a%2Fb@127.0.0.1:1');
  expect(dockerAddress('redis', 1, {})).toBe('redis://127.0.0.1:1');
});
