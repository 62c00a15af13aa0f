import { expect, test } from '@jest/globals';
import { ownEnvironment, portOf, portsOf, serviceEnvironment, urlOf } from './service-environment.ts';
import { services, simulator } from './service-table.ts';

const ingress = services.find(({ name }) => name === 'ingress')!;
const addresses = { kafka: 'k:1', postgres: 'postgres://p:2', redis: 'redis://r:3' };
const build = (env: Record<string, string>, trial: Record<string, string> = {}) =>
  serviceEnvironment(env, { services: [ingress, simulator], addresses, trial, localDir: '/local' });

test('a service gets the addresses, every port and the folder', () => {
  expect(build({ SIMULATOR_PORT: '9090', PATH: '/bin' })).toEqual({
    PATH: '/bin',
    INGRESS_PORT: '8080',
    SIMULATOR_PORT: '9090',
    SIMULATOR_TLS_PORT: '8091',
    KAFKA_BROKERS: 'k:1',
    POSTGRES_URL: 'postgres://p:2',
    REDIS_URL: 'redis://r:3',
    LOCAL_DIR: '/local',
  });
});

test('the environment wins over what was generated, unless it is empty', () => {
  const trial = { WECHAT_TOKEN: 'generated', WECHAT_APP_ID: 'wxgenerated' };
  expect(build({ WECHAT_TOKEN: 'mine', WECHAT_APP_ID: '' }, trial)).toMatchObject({
    WECHAT_TOKEN: 'mine',
    WECHAT_APP_ID: 'wxgenerated',
  });
});

test('a port that is none stops the start and names its variable', () => {
  for (const wrong of ['http', '0', '65536', '80.5'])
    expect(() => portOf(ingress, { INGRESS_PORT: wrong })).toThrow('INGRESS_PORT');
  expect(() => portsOf(simulator, { SIMULATOR_TLS_PORT: 'tls' })).toThrow('SIMULATOR_TLS_PORT');
});

test("the platform's own keys are the simulator's alone", () => {
  const environment = { WECHAT_PAY_DIR: '/merchant', WECHAT_PAY_PLATFORM_DIR: '/platform' };
  const both = [ingress, simulator];
  expect(ownEnvironment(simulator, both, environment)).toEqual(environment);
  expect(ownEnvironment(ingress, both, environment)).toEqual({ WECHAT_PAY_DIR: '/merchant' });
});

test('a service that listens everywhere is reached on the loopback address', () => {
  expect(urlOf(ingress, {})).toBe('http://127.0.0.1:8080');
  expect(urlOf(ingress, { HOST: '0.0.0.0', INGRESS_PORT: '81' })).toBe('http://127.0.0.1:81');
  expect(urlOf(ingress, { HOST: '::1' })).toBe('http://[::1]:8080');
});
