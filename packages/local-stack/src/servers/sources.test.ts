import { expect, test } from '@jest/globals';
import { chooseSources, serversFrom } from './sources.ts';

test('each server is found on its own: the environment, then Docker, then programs', () => {
  expect(chooseSources({ POSTGRES_URL: 'postgres://db' }, { docker: true })).toEqual({
    kafka: 'docker',
    postgres: 'environment',
    redis: 'docker',
  });
  expect(chooseSources({ KAFKA_BROKERS: 'k:9092' }, { docker: false })).toEqual({
    kafka: 'environment',
    postgres: 'program',
    redis: 'program',
  });
});

test('an empty address is none', () => {
  expect(chooseSources({ REDIS_URL: '' }, { docker: false }).redis).toBe('program');
});

test('a server stays where its data is, unless an address is given', () => {
  const remembered = { kafka: 'program', postgres: 'docker' } as const;
  expect(chooseSources({}, { docker: true, remembered })).toEqual({
    kafka: 'program',
    postgres: 'docker',
    redis: 'docker',
  });
  expect(chooseSources({ KAFKA_BROKERS: 'k:9092' }, { docker: true, remembered }).kafka).toBe('environment');
});

test('the servers of one source keep their order', () => {
  expect(serversFrom('docker', { kafka: 'docker', postgres: 'program', redis: 'docker' })).toEqual(['kafka', 'redis']);
});
